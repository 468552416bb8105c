// Deletes the first messages of a session with their vectors. A conclusion of another session that rested on nothing else
// is stamped with this one, so that it is found and deleted with its conclusions.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, session_id, limit
MATCH (m:Message {workspace_id: $workspace_id, session_id: $session_id})
WHERE m.seq > 0
WITH m ORDER BY m.workspace_id, m.session_id, m.seq
LIMIT $limit
OPTIONAL MATCH (piece:Piece)-[:PIECE_OF]->(m)
WITH m, collect(piece) AS pieces
OPTIONAL MATCH (c:Conclusion)-[:DERIVED_FROM]->(m)
WITH m, pieces, collect(c) AS resting
FOREACH (piece IN pieces | DETACH DELETE piece)
WITH collect(m) AS gone, collect(resting) AS all_resting
FOREACH (m IN gone | DETACH DELETE m)
WITH gone, reduce(flat = [], each IN all_resting | flat + each) AS resting
WITH size(gone) AS total, resting
CALL (resting) {
  UNWIND resting AS c
  WITH c WHERE NOT EXISTS { (c)-[:DERIVED_FROM]->() }
  SET c.session_id = $session_id
  RETURN count(c) AS stamped
}
RETURN total AS total
