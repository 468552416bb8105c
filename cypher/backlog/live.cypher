// Counts, by kind, the units that something is asked of: due, due later or held; and how old the oldest of them is.
// access: read
// returns: many
// scope: global
// parameters: now
MATCH (w:Work)
WHERE w.due_at IS NOT NULL
WITH
  w.kind AS kind, w.due_at AS due_at, coalesce(w.pending_since, w.due_at) AS since, coalesce(w.pending, 0) AS pending,
  coalesce(w.lease_until > $now, false) AS leased
RETURN
  kind,
  sum(CASE WHEN NOT leased AND due_at <= $now THEN 1 ELSE 0 END) AS waiting,
  sum(CASE WHEN NOT leased AND due_at > $now THEN 1 ELSE 0 END) AS later,
  sum(CASE WHEN leased THEN 1 ELSE 0 END) AS leased,
  sum(pending) AS pending,
  min(since) AS oldest,
  min(CASE WHEN NOT leased AND due_at <= $now THEN due_at END) AS overdue
ORDER BY kind
