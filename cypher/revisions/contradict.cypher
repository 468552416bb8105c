// Notes that two living conclusions cannot both be so: an edge between them, and a conclusion that rests on both.
// access: write
// returns: many
// scope: workspace
// parameters: workspace_id, run_id, rows, now
MATCH (run:Run {id: $run_id})
UNWIND $rows AS row
MATCH (one:Conclusion {id: row.one_id})
WHERE one.workspace_id = run.workspace_id
SET one.revised_at = $now
WITH run, row, one
MATCH (other:Conclusion {id: row.other_id})
WHERE other.workspace_id = $workspace_id
// The writes take the locks, so who retires one of the two meanwhile is seen.
SET other.revised_at = $now
WITH run, row, one, other
WHERE one:Held AND other:Held
MATCH (observer:Peer {workspace_id: one.workspace_id, id: one.observer_id})
MATCH (observed:Peer {workspace_id: observer.workspace_id, id: one.observed_id})
MERGE (one)-[edge:CONTRADICTS]-(other)
ON CREATE SET edge.at = $now
MERGE (c:Held {perspective: one.perspective, content_key: row.content_key})
ON CREATE SET
  c:Conclusion, c.id = row.id, c.workspace_id = $workspace_id, c.observer_id = one.observer_id,
  c.observed_id = one.observed_id, c.level = 'contradiction', c.content = row.content, c.created_at = row.created_at,
  c.times_derived = 1
SET c.observed_at = CASE WHEN one.observed_at > other.observed_at THEN one.observed_at ELSE other.observed_at END
WITH run, one, other, observer, observed, c, c.id = row.id AS created
CALL (run, one, other, observer, observed, c, created) {
  WITH run, one, other, observer, observed, c, created WHERE created
  CREATE (observer)-[:HOLDS]->(c)
  CREATE (c)-[:ABOUT]->(observed)
  CREATE (run)-[:PRODUCED]->(c)
  CREATE (c)-[:DERIVED_FROM {support: $run_id, at: c.created_at}]->(one)
  CREATE (c)-[:DERIVED_FROM {support: $run_id, at: c.created_at}]->(other)
  WITH observer, observed, one, c
  MATCH (observer)-[view:VIEWS]->(observed)
  SET view.conclusions = view.conclusions + 1, view.updated_at = $now
  WITH one, c
  CALL db.create.setNodeVectorProperty(c, 'embedding', one.embedding)
}
RETURN c.id AS id
