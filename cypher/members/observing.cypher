// Tells which of some peers observe others in a session now, and the number of its last message.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, session_id, peer_ids
MATCH (s:Session {workspace_id: $workspace_id, id: $session_id})
UNWIND $peer_ids AS peer_id
MATCH (p:Peer {workspace_id: s.workspace_id, id: peer_id})-[m:MEMBER_OF]->(s)
WHERE m.left_at IS NULL AND m.observe_others = true
RETURN p.id AS id, s.seq AS seq
