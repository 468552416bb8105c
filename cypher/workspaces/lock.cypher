// Locks a workspace for a change and tells its configuration.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, now
MATCH (n:Workspace {id: $workspace_id})
SET n.updated_at = $now
WITH n
RETURN n.configuration AS configuration
