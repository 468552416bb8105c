// Deletes runs of a workspace.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, limit
MATCH (n:Run {workspace_id: $workspace_id})
WITH n LIMIT $limit
DETACH DELETE n
RETURN count(*) AS total
