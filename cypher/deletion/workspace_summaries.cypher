// Deletes summaries of a workspace's sessions.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, limit
MATCH (s:Session {workspace_id: $workspace_id})
WHERE s.created_at IS NOT NULL
MATCH (s)-[:SUMMARISED_BY]->(n)
WITH n LIMIT $limit
DETACH DELETE n
RETURN count(*) AS total
