// Lists conclusions that a peer holds, or that are about it, living and retired.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, peer_id, limit
MATCH (p:Peer {workspace_id: $workspace_id, id: $peer_id})
CALL (p) {
  MATCH (p)-[:HOLDS]->(c:Conclusion)
  RETURN c
  UNION
  MATCH (p)<-[:ABOUT]-(c:Conclusion)
  RETURN c
}
WITH c LIMIT $limit
RETURN c.id AS id
