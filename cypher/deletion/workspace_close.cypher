// Takes active sessions of a workspace out of use, so that nothing more is written into them.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, limit
MATCH (n:Session {workspace_id: $workspace_id})
WHERE n.created_at IS NOT NULL AND n.is_active
WITH n LIMIT $limit
SET n.is_active = false
RETURN count(n) AS total
