// Deletes the summaries of a locked session if one of them covers a message, and counts them.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, session_id, seq
MATCH (s:Session {workspace_id: $workspace_id, id: $session_id})
OPTIONAL MATCH (s)-[:SUMMARISED_BY]->(n:Summary)
WITH collect(n) AS summaries
WITH CASE WHEN any(n IN summaries WHERE n.seq >= $seq) THEN summaries ELSE [] END AS gone
FOREACH (n IN gone | DETACH DELETE n)
RETURN size(gone) AS total
