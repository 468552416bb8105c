// Lists the living inductive conclusions among some, and among what hangs on them.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, conclusion_ids
UNWIND $conclusion_ids AS conclusion_id
MATCH (c:Conclusion {id: conclusion_id})
WHERE c.workspace_id = $workspace_id
MATCH (c)<-[:DERIVED_FROM|MERGED_INTO*0..6]-(n:Conclusion)
WHERE n:Held AND n.level = 'inductive'
RETURN DISTINCT n.id AS id
