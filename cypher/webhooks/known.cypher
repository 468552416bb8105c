// Tells whether a workspace has a webhook.
// access: read
// returns: maybe
// scope: workspace
// parameters: workspace_id, id
MATCH (h:Webhook {id: $id})
WHERE h.workspace_id = $workspace_id
RETURN h.id AS id, h.workspace_id AS workspace_id, h.url AS url, h.created_at AS created_at
