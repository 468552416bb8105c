// Makes messages of one session from an archive, with the pieces of long ones.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, session_id, rows
MATCH (s:Session {workspace_id: $workspace_id, id: $session_id})
UNWIND $rows AS row
CREATE (m:$(row.labels))
SET m = row.properties
CREATE (m)-[:IN_SESSION]->(s)
WITH m, row
CALL (m, row) {
  UNWIND row.senders AS sender_id
  MATCH (p:Peer {workspace_id: $workspace_id, id: sender_id})
  CREATE (p)-[:SENT]->(m)
}
CALL (m, row) {
  WITH m, row WHERE row.vector IS NOT NULL
  CALL db.create.setNodeVectorProperty(m, 'embedding', row.vector)
}
CALL (m, row) {
  UNWIND row.pieces AS piece
  CREATE (n:Piece)-[:PIECE_OF]->(m)
  SET n = piece.properties, n:$(piece.labels)
  WITH n, piece
  CALL db.create.setNodeVectorProperty(n, 'embedding', piece.vector)
}
