// Tells whether a workspace exists.
// access: read
// returns: maybe
// scope: workspace
// parameters: workspace_id
MATCH (n:Workspace {id: $workspace_id})
RETURN n.id AS id
