// Finds the newest messages of a peer that hold a text as it stands, whatever the case, among its newest `window`.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, peer_id, text, window, limit
// slots: where
MATCH (:Peer {workspace_id: $workspace_id, id: $peer_id})-[:SENT]->(n:Message)
WHERE {{where}}
WITH n ORDER BY n.created_at DESC, n.seq DESC
LIMIT $window
WITH n
WHERE toLower(n.content) CONTAINS toLower($text)
RETURN n.id AS id, n.session_id AS session_id, n.seq AS seq
LIMIT $limit
