// Counts a workspace's scopes.
// access: read
// returns: one
// scope: workspace
// parameters: workspace_id
MATCH (n:Scope {workspace_id: $workspace_id})
WHERE n.created_at IS NOT NULL
RETURN count(n) AS total
