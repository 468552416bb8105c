// Lists the sessions that a peer is or was in, those being deleted left out; only some of them, or only those that it
// is in now, if so asked.
// access: read
// returns: one
// scope: workspace
// parameters: workspace_id, peer_id, session_ids, current
OPTIONAL MATCH (p:Peer {workspace_id: $workspace_id, id: $peer_id})
OPTIONAL MATCH (p)-[m:MEMBER_OF]->(s:Session)
WHERE s.is_active AND ($current = false OR m.left_at IS NULL) AND ($session_ids IS NULL OR s.id IN $session_ids)
WITH DISTINCT s.id AS id ORDER BY id
RETURN collect(id) AS ids
