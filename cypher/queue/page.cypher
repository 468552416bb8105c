// Lists units of a workspace: the dead letters first, then what waits or is held by when it is due, then what was given up.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, states, kind, session_id, now, skip, limit
CALL () {
  MATCH (w:Work {workspace_id: $workspace_id})
  WHERE w.dead_at IS NOT NULL AND 'dead' IN $states
  RETURN w, 0 AS place, w.dead_at AS at
  UNION ALL
  MATCH (w:Work {workspace_id: $workspace_id})
  WHERE w.due_at IS NOT NULL
    AND CASE WHEN w.lease_until > $now THEN 'leased' ELSE 'waiting' END IN $states
  RETURN w, 1 AS place, w.due_at AS at
  UNION ALL
  MATCH (w:Work {workspace_id: $workspace_id})
  WHERE w.dropped_at IS NOT NULL AND w.due_at IS NULL AND w.dead_at IS NULL AND 'dropped' IN $states
  RETURN w, 2 AS place, w.dropped_at AS at
}
WITH w, place, at
WHERE ($kind IS NULL OR w.kind = $kind) AND ($session_id IS NULL OR w.session_id = $session_id)
ORDER BY place, at, w.key
SKIP $skip
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
