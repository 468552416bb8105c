// Counts the living conclusions of a workspace, up to a limit.
// access: read
// returns: one
// scope: workspace
// parameters: workspace_id, limit
MATCH (n:Held {workspace_id: $workspace_id})
WHERE n.created_at IS NOT NULL
WITH n LIMIT $limit
RETURN count(n) AS total
