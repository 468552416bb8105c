// Lists conclusions of a session, living and retired, whatever they rest on.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, session_id, limit
MATCH (p:Peer {workspace_id: $workspace_id})
WHERE p.created_at IS NOT NULL
MATCH (p)-[:HOLDS]->(n:Conclusion)
WHERE n.session_id = $session_id
RETURN n.id AS id
LIMIT $limit
