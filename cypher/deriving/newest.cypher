// Lists the newest of what a perspective holds.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, perspective, limit
MATCH (n:Held {perspective: $perspective})
WHERE n.workspace_id = $workspace_id AND n.created_at IS NOT NULL
WITH n ORDER BY n.perspective DESC, n.created_at DESC
LIMIT $limit
RETURN n.id AS id
