// Keeps near duplicates beside what they were merged into, which counts them and rests on their messages as well.
// access: write
// returns: many
// scope: workspace
// parameters: workspace_id, session_id, run_id, rows, vectors, now
MATCH (run:Run {id: $run_id})
UNWIND $rows AS row
MATCH (observed:Peer {workspace_id: run.workspace_id, id: row.observed_id})
MATCH (observer:Peer {workspace_id: observed.workspace_id, id: row.observer_id})
MATCH (observer)-[view:VIEWS]->(observed)
SET view.updated_at = $now
WITH run, row, observed, observer
MATCH (into:Conclusion {id: row.into_id})
WHERE into.workspace_id = $workspace_id
MERGE (c:Conclusion {id: row.id})
ON CREATE SET
  c.workspace_id = $workspace_id, c.session_id = $session_id, c.observer_id = row.observer_id,
  c.observed_id = row.observed_id, c.perspective = row.perspective, c.content_key = row.content_key,
  c.level = 'explicit', c.content = row.content, c.created_at = row.created_at, c.observed_at = row.observed_at,
  c.about_at = row.about_at, c.times_derived = 0, c.slot = row.slot, c.slot_value = row.slot_value,
  c.slot_key = row.slot_key, c.exclusive = row.exclusive, c.negated = row.negated, c.lasting = row.lasting,
  // It never held by itself: no moment lies between the two.
  c.retired_at = row.created_at, c.retired_because = 'merged'
SET
  c.times_derived = c.times_derived + 1,
  c.observed_at = CASE WHEN row.observed_at > c.observed_at THEN row.observed_at ELSE c.observed_at END,
  into.times_derived = into.times_derived + 1,
  into.observed_at = CASE WHEN row.observed_at > into.observed_at THEN row.observed_at ELSE into.observed_at END,
  into.reinforced_at = row.created_at,
  into.unweighed = $run_id
WITH observed, observer, run, into, c, row, c.times_derived = 1 AS created
CALL (observer, observed, c, row, created) {
  WITH observer, observed, c, row, created WHERE created
  CREATE (observer)-[:HOLDS]->(c)
  CREATE (c)-[:ABOUT]->(observed)
  WITH c, row
  CALL db.create.setNodeVectorProperty(c, 'embedding', $vectors[row.vector])
}
MERGE (run)-[:PRODUCED]->(c)
MERGE (run)-[:PRODUCED]->(into)
MERGE (c)-[merged:MERGED_INTO]->(into)
ON CREATE SET merged.at = row.created_at, merged.score = row.score, merged.run_id = $run_id
WITH into, c, row
UNWIND row.sources AS source
MATCH (m:Message {id: source.id})
WHERE m.workspace_id = $workspace_id
MERGE (c)-[proof:DERIVED_FROM]->(m)
ON CREATE SET proof.quote = source.quote, proof.support = m.id, proof.at = row.created_at
MERGE (into)-[through:DERIVED_FROM]->(m)
ON CREATE SET
  through.quote = source.quote, through.support = m.id, through.at = row.created_at, through.via = c.id
RETURN DISTINCT c.id AS id
