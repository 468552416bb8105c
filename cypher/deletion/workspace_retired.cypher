// Deletes conclusions of a workspace through the peers that hold them, the retired too.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, limit
MATCH (p:Peer {workspace_id: $workspace_id})
WHERE p.created_at IS NOT NULL
MATCH (p)-[:HOLDS]->(n:Conclusion)
WITH n LIMIT $limit
DETACH DELETE n
RETURN count(*) AS total
