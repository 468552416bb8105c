// Takes the vectors from the next retracted messages in the order of ids, since they belong to an embedder that goes; who
// restores them has them embedded anew.
// access: write
// returns: one
// scope: global
// parameters: after, limit
MATCH (m:Retracted)
WHERE m.id > $after
WITH m ORDER BY m.id
LIMIT $limit
OPTIONAL MATCH (p:Piece)-[:PIECE_OF]->(m)
WITH m, collect(p) AS pieces
REMOVE m.embedding
FOREACH (p IN pieces | DETACH DELETE p)
RETURN max(m.id) AS last
