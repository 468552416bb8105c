// Stores the vectors of messages that are short enough to have one.
// access: write
// returns: none
// scope: global
// parameters: rows
UNWIND $rows AS row
MATCH (m:Message {id: row.id})
SET m:Passage
WITH m, row
CALL db.create.setNodeVectorProperty(m, 'embedding', row.vector)
