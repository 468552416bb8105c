// Counts the living conclusions of a perspective, up to a limit.
// access: read
// returns: one
// scope: workspace
// parameters: workspace_id, perspective, limit
MATCH (n:Held {perspective: $perspective})
WHERE n.workspace_id = $workspace_id AND n.created_at IS NOT NULL
WITH n LIMIT $limit
RETURN count(n) AS total
