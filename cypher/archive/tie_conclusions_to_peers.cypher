// Ties conclusions to the peers they are about as an archive has it.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, rows
UNWIND $rows AS row
MATCH (c:Conclusion {id: row.id})
WHERE c.workspace_id = $workspace_id
MATCH (t:Peer {workspace_id: c.workspace_id, id: row.other_id})
CREATE (c)-[r:$(row.type)]->(t)
SET r = row.properties
