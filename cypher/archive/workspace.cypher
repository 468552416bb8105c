// Reads a workspace whole, unless it is being deleted.
// access: read
// returns: maybe
// scope: workspace
// parameters: workspace_id
MATCH (n:Workspace {id: $workspace_id})
WHERE n.condemned_at IS NULL
RETURN n.uid AS uid, properties(n) AS properties
