// Locks all that is held about a peer, and the units that reason over what it says, until the transaction ends: nothing
// can be concluded about it meanwhile. In the order in which a worker that commits locks: perspectives, then units.
// access: write
// returns: maybe
// scope: workspace
// parameters: workspace_id, peer_id, now
MATCH (p:Peer {workspace_id: $workspace_id, id: $peer_id})
CALL (p) {
  MATCH (o:Peer)-[view:VIEWS]->(p)
  WITH view ORDER BY o.id
  SET view.locked_at = $now
  RETURN count(view) AS views
}
CALL (p) {
  MATCH (p)-[:MEMBER_OF]->(s:Session)
  MATCH (w:Work {key: 'reasoning/' + s.workspace_id + '/' + s.id + '/' + p.id})
  WITH s, w ORDER BY w.key
  SET w.touched_at = $now
  RETURN collect({session_uid: s.uid, properties: properties(w)}) AS units
}
RETURN units AS units
