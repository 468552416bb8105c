// Makes units of work due that were pending when they were archived.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, keys, now
UNWIND $keys AS key
MATCH (w:Work {key: key})
WHERE w.workspace_id = $workspace_id AND w.due_at IS NULL AND w.dead_at IS NULL AND w.last_seq > w.cursor
SET w.due_at = $now
