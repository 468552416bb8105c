// Writes what a run concluded about one peer into each perspective that holds it; what is held already is reinforced.
// access: write
// returns: many
// scope: workspace
// parameters: workspace_id, session_id, run_id, rows, vectors, now
MATCH (run:Run {id: $run_id})
UNWIND $rows AS row
MATCH (observed:Peer {workspace_id: run.workspace_id, id: row.observed_id})
MATCH (observer:Peer {workspace_id: observed.workspace_id, id: row.observer_id})
MERGE (c:Held {perspective: row.perspective, content_key: row.content_key})
ON CREATE SET
  c:Conclusion, c.id = row.id, c.workspace_id = $workspace_id, c.session_id = $session_id,
  c.observer_id = row.observer_id, c.observed_id = row.observed_id, c.level = 'explicit', c.content = row.content,
  c.created_at = row.created_at, c.observed_at = row.observed_at, c.about_at = row.about_at, c.times_derived = 0,
  c.slot = row.slot, c.slot_value = row.slot_value, c.slot_key = row.slot_key, c.exclusive = row.exclusive,
  c.negated = row.negated, c.lasting = row.lasting
ON MATCH SET c.reinforced_at = row.created_at
SET
  // Not derived from yet, or not since this source came.
  c.unweighed = $run_id,
  c.times_derived = c.times_derived + 1,
  c.observed_at = CASE WHEN row.observed_at > c.observed_at THEN row.observed_at ELSE c.observed_at END
WITH observed, run, observer, c, row, c.id = row.id AS created
CALL (c, row, created) {
  WITH c, row, created WHERE created
  CALL db.create.setNodeVectorProperty(c, 'embedding', $vectors[row.vector])
}
CALL (observer, observed, c, created) {
  WITH observer, observed, c, created WHERE created
  CREATE (observer)-[:HOLDS]->(c)
  CREATE (c)-[:ABOUT]->(observed)
}
MERGE (run)-[:PRODUCED]->(c)
MERGE (observer)-[view:VIEWS]->(observed)
ON CREATE SET view.created_at = $now, view.conclusions = 0
SET view.updated_at = $now, view.conclusions = view.conclusions + CASE WHEN created THEN 1 ELSE 0 END
WITH c, row, created
UNWIND row.sources AS source
MATCH (m:Message {id: source.id})
WHERE m.workspace_id = $workspace_id
MERGE (c)-[proof:DERIVED_FROM]->(m)
ON CREATE SET proof.quote = source.quote, proof.support = m.id, proof.at = row.created_at
RETURN DISTINCT c.id AS id, c.perspective AS perspective, c.content_key AS content_key, created AS created
