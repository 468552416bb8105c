// Writes what several conclusions of a perspective say alike as one more, which rests on them; what is there already
// gets the premises that it lacks. A row whose premises are not all living any more waits for the next dream.
// access: write
// returns: many
// scope: workspace
// parameters: workspace_id, observer_id, observed_id, perspective, run_id, rows, now
MATCH (run:Run {id: $run_id})
MATCH (observer:Peer {workspace_id: run.workspace_id, id: $observer_id})
MATCH (observed:Peer {workspace_id: observer.workspace_id, id: $observed_id})
UNWIND $rows AS row
UNWIND row.premise_ids AS premise_id
MATCH (premise:Conclusion {id: premise_id})
WHERE premise:Held AND premise.perspective = $perspective
WITH observer, observed, run, row, premise ORDER BY premise.observed_at
WITH observer, observed, run, row, collect(premise) AS premises
WHERE size(premises) = size(row.premise_ids)
WITH observer, observed, run, row, premises, premises[size(premises) - 1] AS latest
MERGE (c:Held {perspective: $perspective, content_key: row.content_key})
ON CREATE SET
  c:Conclusion, c.id = row.id, c.workspace_id = $workspace_id, c.observer_id = $observer_id,
  c.observed_id = $observed_id, c.level = 'inductive', c.content = latest.content, c.created_at = row.created_at,
  c.about_at = latest.about_at
SET c.observed_at = latest.observed_at, c.times_derived = size(premises), c.confidence = row.confidence
WITH observer, observed, run, premises, latest, c, c.id = row.id AS created
CALL (observer, observed, latest, c, created) {
  WITH observer, observed, latest, c, created WHERE created
  CREATE (observer)-[:HOLDS]->(c)
  CREATE (c)-[:ABOUT]->(observed)
  WITH c, latest
  CALL db.create.setNodeVectorProperty(c, 'embedding', latest.embedding)
}
MERGE (run)-[:PRODUCED]->(c)
MERGE (observer)-[view:VIEWS]->(observed)
ON CREATE SET view.created_at = $now, view.conclusions = 0
SET view.updated_at = $now, view.conclusions = view.conclusions + CASE WHEN created THEN 1 ELSE 0 END
WITH premises, c, created
CALL (premises, c) {
  UNWIND premises AS premise
  MERGE (c)-[:DERIVED_FROM]->(premise)
}
RETURN c.id AS id, created AS created
