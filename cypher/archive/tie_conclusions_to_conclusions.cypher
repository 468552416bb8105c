// Ties conclusions to conclusions as an archive has it.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, rows
UNWIND $rows AS row
MATCH (c:Conclusion {id: row.id})
WHERE c.workspace_id = $workspace_id
MATCH (t:Conclusion {id: row.other_id})
WHERE t.workspace_id = c.workspace_id
CREATE (c)-[r:$(row.type)]->(t)
SET r = row.properties
