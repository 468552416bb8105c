// Reads webhooks of a workspace in the order of their addresses.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, after, limit
MATCH (n:Webhook {workspace_id: $workspace_id})
WHERE n.url > $after
WITH n ORDER BY n.workspace_id, n.url LIMIT $limit
RETURN n.url AS url, labels(n) AS labels, properties(n) AS properties
ORDER BY url
