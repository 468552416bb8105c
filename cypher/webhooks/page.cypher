// Lists one page of a workspace's webhooks, oldest first.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, skip, limit
MATCH (h:Webhook {workspace_id: $workspace_id})
WHERE h.created_at IS NOT NULL
RETURN h.id AS id, h.workspace_id AS workspace_id, h.url AS url, h.created_at AS created_at
ORDER BY h.workspace_id, h.created_at, h.id
SKIP $skip LIMIT $limit
