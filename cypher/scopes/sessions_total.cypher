// Counts the active sessions of a scope.
// access: read
// returns: one
// scope: workspace
// parameters: workspace_id, peer_id
MATCH (:Peer {workspace_id: $workspace_id, id: $peer_id})-[m:MEMBER_OF]->(n:Session)
WHERE m.left_at IS NULL AND n.is_active
RETURN count(n) AS total
