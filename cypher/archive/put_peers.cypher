// Makes peers from an archive.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, rows
MATCH (w:Workspace {id: $workspace_id})
UNWIND $rows AS row
CREATE (n:Peer)
SET n = row.properties, n:$(row.labels)
CREATE (n)-[:IN_WORKSPACE]->(w)
