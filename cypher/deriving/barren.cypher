// Takes back the record of a run that has produced nothing, or says so of one that called a model.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, run_id
MATCH (run:Run {id: $run_id})
WHERE run.workspace_id = $workspace_id AND NOT EXISTS { (run)-[:PRODUCED]->() }
SET run.outcome = 'empty'
WITH run WHERE run.calls = 0
DETACH DELETE run
