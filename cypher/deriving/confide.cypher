// Writes how sure inductive conclusions are, and how many distinct sources they have.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, rows
UNWIND $rows AS row
MATCH (c:Conclusion {id: row.id})
WHERE c.workspace_id = $workspace_id
SET c.confidence = row.confidence, c.times_derived = row.sources
