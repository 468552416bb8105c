// Lists what a run wrote into a perspective: what it drew from what, and whether that was new.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, perspective, run_id, since
MATCH (run:Run {id: $run_id})
WHERE run.workspace_id = $workspace_id
MATCH (run)-[:PRODUCED]->(c:Conclusion)
WHERE c.perspective = $perspective
RETURN
  c.id AS id, c.content AS content, c.level AS level, c.created_at >= $since AS created,
  COLLECT {
    MATCH (c)-[proof:DERIVED_FROM]->(premise:Conclusion)
    WHERE proof.support STARTS WITH $run_id
    RETURN {id: premise.id, content: premise.content} ORDER BY premise.created_at, premise.id
  } AS premises
ORDER BY c.created_at, c.id
