// Counts the messages of a peer that have vectors, up to a bound.
// access: read
// returns: one
// scope: workspace
// parameters: workspace_id, peer_id, bound
MATCH (:Peer {workspace_id: $workspace_id, id: $peer_id})-[:SENT]->(n:Message)
WHERE n:Passage OR EXISTS { (:Piece)-[:PIECE_OF]->(n) }
WITH n LIMIT $bound
RETURN count(n) AS total
