// Deletes runs over a session that have no product; those that concluded nothing never had one.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, session_id, limit
MATCH (n:Run {workspace_id: $workspace_id, session_id: $session_id})
WHERE NOT EXISTS { (n)-[:PRODUCED]->() }
WITH n LIMIT $limit
DETACH DELETE n
RETURN count(*) AS total
