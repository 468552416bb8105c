// Makes conclusions from an archive; none of a session that is not in it.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, rows
MATCH (:Workspace {id: $workspace_id})
UNWIND $rows AS row
OPTIONAL MATCH (s:Session {workspace_id: $workspace_id, id: row.properties.session_id})
WITH row, s
WHERE row.properties.session_id IS NULL OR row.session_uid IS NULL OR s.uid = row.session_uid
CREATE (c:Conclusion)
SET c = row.properties, c:$(row.labels)
WITH c, row
WHERE row.vector IS NOT NULL
CALL db.create.setNodeVectorProperty(c, 'embedding', row.vector)
