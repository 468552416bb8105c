// Ends memberships; their configuration stays readable.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, session_id, peer_ids, now
MATCH (s:Session {workspace_id: $workspace_id, id: $session_id})
UNWIND $peer_ids AS peer_id
MATCH (:Peer {workspace_id: $workspace_id, id: peer_id})-[m:MEMBER_OF]->(s)
WHERE m.left_at IS NULL
SET m.left_at = $now, m.left_seq = s.seq
