// Lists units that are due and that nobody holds, the longest waiting first.
// access: read
// returns: many
// scope: global
// parameters: now, limit
MATCH (w:Work)
WHERE w.due_at <= $now AND (w.lease_until IS NULL OR w.lease_until < $now)
RETURN w.key AS key
ORDER BY w.due_at
LIMIT $limit
