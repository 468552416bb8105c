// Gets the webhook of a workspace that has a URL.
// access: read
// returns: maybe
// scope: workspace
// parameters: workspace_id, url
MATCH (h:Webhook {workspace_id: $workspace_id, url: $url})
RETURN h.id AS id, h.workspace_id AS workspace_id, h.url AS url, h.created_at AS created_at
