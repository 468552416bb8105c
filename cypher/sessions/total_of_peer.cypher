// Counts the sessions that a peer is or was in.
// access: read
// returns: one
// scope: workspace
// parameters: workspace_id, peer_id
// slots: where
MATCH (:Peer {workspace_id: $workspace_id, id: $peer_id})-[:MEMBER_OF]->(n:Session)
WHERE {{where}}
RETURN count(n) AS total
