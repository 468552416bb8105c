// Sets what is given of a member's configuration; a peer that was never in the session joins it.
// access: write
// returns: maybe
// scope: workspace
// parameters: workspace_id, session_id, peer_id, observe_me, observe_others, now
MATCH (s:Session {workspace_id: $workspace_id, id: $session_id})
SET s.locked_at = $now
WITH s
MATCH (p:Peer {workspace_id: $workspace_id, id: $peer_id})
MERGE (p)-[m:MEMBER_OF]->(s)
ON CREATE SET m.joined_at = $now, m.joined_seq = s.seq
SET
  m.observe_me = coalesce($observe_me, m.observe_me),
  m.observe_others = coalesce($observe_others, m.observe_others)
RETURN m.observe_me AS observe_me, m.observe_others AS observe_others
