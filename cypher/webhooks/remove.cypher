// Removes a webhook from a workspace, and tells that it was there.
// access: write
// returns: maybe
// scope: workspace
// parameters: workspace_id, id
MATCH (h:Webhook {id: $id})
WHERE h.workspace_id = $workspace_id
WITH h, h.id AS id, h.workspace_id AS workspace_id, h.url AS url, h.created_at AS created_at
DELETE h
RETURN id, workspace_id, url, created_at
