// Counts a workspace's webhooks.
// access: read
// returns: one
// scope: workspace
// parameters: workspace_id
MATCH (h:Webhook {workspace_id: $workspace_id})
WHERE h.created_at IS NOT NULL
RETURN count(h) AS total
