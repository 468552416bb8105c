// Deletes those of some runs that concluded something of which nothing is in the archive.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, ids
UNWIND $ids AS id
MATCH (n:Run {id: id})
WHERE n.workspace_id = $workspace_id AND n.outcome = 'concluded' AND NOT EXISTS { (n)-[:PRODUCED]->() }
DELETE n
RETURN count(*) AS total
