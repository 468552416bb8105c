// Lists one page of a workspace's scopes, oldest first.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, skip, limit
MATCH (n:Scope {workspace_id: $workspace_id})
WHERE n.created_at IS NOT NULL
WITH n ORDER BY n.workspace_id, n.created_at, n.id
SKIP $skip LIMIT $limit
RETURN n.id AS id, n.metadata AS metadata, n.created_at AS created_at, true AS is_scope
