// Counts a workspace's receipts.
// access: read
// returns: one
// scope: workspace
// parameters: workspace_id
MATCH (n:Receipt {workspace_id: $workspace_id})
WHERE n.created_at IS NOT NULL
RETURN count(n) AS total
