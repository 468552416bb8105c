// Lists units of a workspace that are not well: the dead letters first, then those that failed last time, the most often
// failed first.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, session_id, sender_id, observer_id, now, limit
CALL () {
  MATCH (w:Work {workspace_id: $workspace_id})
  WHERE w.dead_at IS NOT NULL
  RETURN w, 0 AS place
  UNION ALL
  MATCH (w:Work {workspace_id: $workspace_id})
  WHERE w.due_at IS NOT NULL AND (w.attempts > 0 OR w.strikes > 0)
  RETURN w, 1 AS place
}
WITH w, place
WHERE ($session_id IS NULL OR w.session_id = $session_id)
  AND (
    ($sender_id IS NULL AND $observer_id IS NULL)
    OR w.peer_id IN [$sender_id, $observer_id]
    OR w.observer_id = $observer_id
  )
ORDER BY place, w.attempts DESC, w.key
LIMIT $limit
RETURN
  w.key AS key, w.kind AS kind,
  CASE
    WHEN w.dead_at IS NOT NULL THEN 'dead'
    WHEN w.due_at IS NULL AND w.dropped_at IS NOT NULL THEN 'dropped'
    WHEN w.due_at IS NULL THEN 'idle'
    WHEN w.lease_until > $now THEN 'leased'
    ELSE 'waiting'
  END AS state,
  w.session_id AS session_id, w.peer_id AS peer_id, w.observer_id AS observer_id, w.pending AS pending,
  w.pending_since AS pending_since, w.due_at AS due_at, w.leased_at AS leased_at, w.lease_until AS lease_until,
  w.attempts AS attempts, coalesce(w.strikes, 0) AS strikes, w.last_error AS last_error, w.dead_at AS dead_at,
  coalesce(w.dropped, 0) AS dropped, w.dropped_at AS dropped_at, w.drop_reason AS drop_reason
