// Adds a webhook to a workspace, which must be locked.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, id, url, now
CREATE (h:Webhook {id: $id, workspace_id: $workspace_id, url: $url, created_at: $now})
RETURN h.id AS id, h.workspace_id AS workspace_id, h.url AS url, h.created_at AS created_at
