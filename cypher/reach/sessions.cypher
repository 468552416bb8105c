// Lists the sessions that a peer is or was in, those being deleted left out; only some of them, if so asked.
// access: read
// returns: one
// scope: workspace
// parameters: workspace_id, peer_id, session_ids
OPTIONAL MATCH (p:Peer {workspace_id: $workspace_id, id: $peer_id})
OPTIONAL MATCH (p)-[:MEMBER_OF]->(s:Session)
WHERE s.is_active AND ($session_ids IS NULL OR s.id IN $session_ids)
WITH DISTINCT s.id AS id ORDER BY id
RETURN collect(id) AS ids
