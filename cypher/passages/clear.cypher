// Takes the vectors from some messages, and with them the pieces of long ones; they are not to be found by meaning.
// access: write
// returns: none
// scope: global
// parameters: ids
UNWIND $ids AS id
MATCH (m:Message {id: id})
OPTIONAL MATCH (p:Piece)-[:PIECE_OF]->(m)
WITH m, collect(p) AS pieces
REMOVE m:Passage, m.embedding
FOREACH (p IN pieces | DETACH DELETE p)
