// Stores the vectors of the pieces of long messages.
// access: write
// returns: none
// scope: global
// parameters: rows
UNWIND $rows AS row
MATCH (m:Message {id: row.id})
MERGE (m)<-[:PIECE_OF]-(p:Piece {place: row.place})
ON CREATE SET p:Passage, p.workspace_id = m.workspace_id, p.session_id = m.session_id, p.peer_id = m.peer_id
WITH p, row
CALL db.create.setNodeVectorProperty(p, 'embedding', row.vector)
