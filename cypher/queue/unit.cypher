// Looks at one unit of a workspace.
// access: read
// returns: maybe
// scope: workspace
// parameters: workspace_id, key, now
MATCH (w:Work {key: $key})
WHERE w.workspace_id = $workspace_id
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
