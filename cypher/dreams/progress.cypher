// Reads how far a dream has come.
// access: read
// returns: maybe
// scope: workspace
// parameters: workspace_id, key
MATCH (w:Work {key: $key})
WHERE w.workspace_id = $workspace_id
RETURN w.progress AS progress
