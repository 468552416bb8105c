// Takes away the marks of what was derived from; one that was marked again meanwhile keeps its mark.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, rows
UNWIND $rows AS row
MATCH (n:Conclusion {id: row.id})
WHERE n.workspace_id = $workspace_id AND n.unweighed = row.token
REMOVE n.unweighed
