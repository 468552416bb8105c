// Deletes a workspace that has nothing left; its name is free again.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id
MATCH (n:Workspace {id: $workspace_id})
WHERE n.condemned_at IS NOT NULL
DELETE n
