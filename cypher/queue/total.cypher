// Counts units of a workspace.
// access: read
// returns: one
// scope: workspace
// parameters: workspace_id, states, kind, session_id, now
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
WITH w
WHERE ($kind IS NULL OR w.kind = $kind) AND ($session_id IS NULL OR w.session_id = $session_id)
RETURN count(w) AS total
