// Replaces the vectors of conclusions.
// access: write
// returns: none
// scope: global
// parameters: rows
UNWIND $rows AS row
MATCH (n:Conclusion {id: row.id})
CALL db.create.setNodeVectorProperty(n, 'embedding', row.vector)
