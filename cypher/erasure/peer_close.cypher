// Closes a peer that is to be erased: it says and learns nothing more.
// access: write
// returns: maybe
// scope: workspace
// parameters: workspace_id, peer_id, now
MATCH (p:Peer {workspace_id: $workspace_id, id: $peer_id})
SET p.locked_at = $now
WITH p WHERE p.erasing_at IS NULL AND NOT p:Scope
SET p.erasing_at = $now
WITH p
CALL (p) {
  MATCH (p)-[m:MEMBER_OF]->(s:Session)
  WHERE m.left_at IS NULL
  SET m.left_at = $now, m.left_seq = s.seq
}
RETURN p.id AS id
