// Lists messages that a peer sent, the retracted too.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, peer_id, limit
MATCH (:Peer {workspace_id: $workspace_id, id: $peer_id})-[:SENT]->(m:Message|Retracted)
WITH m LIMIT $limit
RETURN m.id AS id
