// Deletes receipts of a workspace.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, limit
MATCH (n:Receipt {workspace_id: $workspace_id})
WHERE n.created_at IS NOT NULL
WITH n LIMIT $limit
DETACH DELETE n
RETURN count(*) AS total
