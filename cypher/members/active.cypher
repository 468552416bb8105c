// Tells in which of some sessions a peer is now.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, peer_id, session_ids
UNWIND $session_ids AS session_id
MATCH (s:Session {workspace_id: $workspace_id, id: session_id})
MATCH (:Peer {workspace_id: s.workspace_id, id: $peer_id})-[m:MEMBER_OF]->(s)
WHERE m.left_at IS NULL
RETURN s.id AS id
