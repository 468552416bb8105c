// Writes conclusions that were derived from others, each on all its premises as one derivation. One whose premises are
// not all living and older than it is not written.
// access: write
// returns: many
// scope: workspace
// parameters: workspace_id, run_id, rows, vectors, now
MATCH (run:Run {id: $run_id})
UNWIND $rows AS row
MATCH (observed:Peer {workspace_id: run.workspace_id, id: row.observed_id})
MATCH (observer:Peer {workspace_id: observed.workspace_id, id: row.observer_id})
CALL (row) {
  UNWIND row.premise_ids AS premise_id
  MATCH (premise:Conclusion {id: premise_id})
  WHERE premise.workspace_id = $workspace_id
  // The lock, so that one that is being retired is not built upon.
  SET premise.locked_at = $now
  WITH row, premise
  WHERE premise:Held AND premise.created_at < row.created_at
  RETURN collect(premise) AS premises
}
WITH run, row, observed, observer, premises
WHERE size(premises) = size(row.premise_ids)
MERGE (c:Held {perspective: row.perspective, content_key: row.content_key})
ON CREATE SET
  c:Conclusion, c.id = row.id, c.workspace_id = $workspace_id, c.observer_id = row.observer_id,
  c.observed_id = row.observed_id, c.level = row.level, c.content = row.content, c.created_at = row.created_at,
  c.observed_at = row.observed_at, c.times_derived = row.times_derived, c.confidence = row.confidence,
  c.slot = row.slot, c.slot_value = row.slot_value, c.slot_key = row.slot_key, c.exclusive = row.exclusive,
  c.negated = row.negated, c.lasting = row.lasting,
  // What fills a slot may be a premise itself.
  c.unweighed = CASE WHEN row.slot IS NOT NULL THEN $run_id END
WITH run, row, observed, observer, premises, c
// Another one that says this came back into recall meanwhile.
WHERE c.id = row.id
CREATE (observer)-[:HOLDS]->(c)
CREATE (c)-[:ABOUT]->(observed)
CREATE (run)-[:PRODUCED]->(c)
MERGE (observer)-[view:VIEWS]->(observed)
ON CREATE SET view.created_at = $now, view.conclusions = 0
SET view.updated_at = $now, view.conclusions = view.conclusions + 1
WITH row, premises, c
CALL (row, c) {
  CALL db.create.setNodeVectorProperty(c, 'embedding', $vectors[row.vector])
}
CALL (premises, c) {
  UNWIND premises AS premise
  CREATE (c)-[:DERIVED_FROM {support: $run_id, at: c.created_at}]->(premise)
}
RETURN c.id AS id
