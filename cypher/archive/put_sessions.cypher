// Makes sessions from an archive, out of use until all of them is there.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, rows
MATCH (w:Workspace {id: $workspace_id})
UNWIND $rows AS row
CREATE (n:Session)
SET n = row.properties, n.is_active = false, n:$(row.labels)
CREATE (n)-[:IN_WORKSPACE]->(w)
