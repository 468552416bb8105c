// Reads what came of the last dream of a kind over a perspective, and whether one waits.
// access: read
// returns: maybe
// scope: workspace
// parameters: workspace_id, key, now
MATCH (w:Work {key: $key})
WHERE w.workspace_id = $workspace_id
RETURN
  CASE
    WHEN w.dead_at IS NOT NULL THEN 'dead'
    WHEN w.due_at IS NULL AND w.dropped_at IS NOT NULL THEN 'dropped'
    WHEN w.due_at IS NULL THEN 'idle'
    WHEN w.lease_until > $now THEN 'leased'
    ELSE 'waiting'
  END AS state,
  w.last_error AS last_error, w.report AS report
