// Ties peers to sessions as an archive has it.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, rows
UNWIND $rows AS row
MATCH (p:Peer {workspace_id: $workspace_id, id: row.other_id})
MATCH (s:Session {workspace_id: p.workspace_id, id: row.id})
CREATE (p)-[r:$(row.type)]->(s)
SET r = row.properties
