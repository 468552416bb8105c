// Ties peers to peers as an archive has it.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, rows
UNWIND $rows AS row
MATCH (p:Peer {workspace_id: $workspace_id, id: row.id})
MATCH (t:Peer {workspace_id: p.workspace_id, id: row.other_id})
CREATE (p)-[r:$(row.type)]->(t)
SET r = row.properties
