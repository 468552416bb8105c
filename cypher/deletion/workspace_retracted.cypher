// Deletes retracted messages of a workspace with their vectors.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, limit
MATCH (m:Retracted {workspace_id: $workspace_id})
WHERE m.session_id > '' AND m.seq > 0
WITH m LIMIT $limit
OPTIONAL MATCH (piece:Piece)-[:PIECE_OF]->(m)
WITH m, collect(piece) AS pieces
FOREACH (piece IN pieces | DETACH DELETE piece)
DETACH DELETE m
RETURN count(*) AS total
