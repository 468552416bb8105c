// Copies conclusions into the perspectives of a scope, or of a peer that catches up, on the same proof, unless it has parted
// with the session meanwhile.
// access: write
// returns: many
// scope: workspace
// parameters: workspace_id, session_id, peer_id, run_id, rows, now
MATCH (scope:Peer {workspace_id: $workspace_id, id: $peer_id})
      -[m:MEMBER_OF]->(:Session {workspace_id: $workspace_id, id: $session_id})
// The write takes the lock, so the session cannot leave while this goes on.
SET m.backfill_at = $now
WITH scope, m WHERE m.left_at IS NULL
MATCH (run:Run {id: $run_id})
UNWIND $rows AS row
MATCH (o:Conclusion {id: row.source_id})
WHERE o:Held AND o.workspace_id = $workspace_id
MATCH (observed:Peer {workspace_id: o.workspace_id, id: o.observed_id})
MERGE (c:Held {perspective: row.perspective, content_key: row.content_key})
ON CREATE SET
  c:Conclusion, c.id = row.id, c.workspace_id = $workspace_id, c.session_id = $session_id, c.observer_id = $peer_id,
  c.observed_id = o.observed_id, c.level = 'explicit', c.content = o.content, c.created_at = row.created_at,
  c.observed_at = o.observed_at, c.about_at = o.about_at, c.times_derived = o.times_derived,
  c.slot = o.slot, c.slot_value = o.slot_value, c.slot_key = o.slot_key, c.exclusive = o.exclusive,
  c.negated = o.negated, c.lasting = o.lasting
SET
  c.unweighed = $run_id,
  c.times_derived = CASE WHEN o.times_derived > c.times_derived THEN o.times_derived ELSE c.times_derived END,
  c.observed_at = CASE WHEN o.observed_at > c.observed_at THEN o.observed_at ELSE c.observed_at END
WITH scope, m, run, o, observed, c, c.id = row.id AS created
MERGE (c)-[:COPIED_FROM]->(o)
MERGE (run)-[:PRODUCED]->(c)
MERGE (scope)-[view:VIEWS]->(observed)
ON CREATE SET view.created_at = $now, view.conclusions = 0
SET
  view.updated_at = $now,
  view.conclusions = view.conclusions + CASE WHEN created THEN 1 ELSE 0 END,
  m.backfill_copied = coalesce(m.backfill_copied, 0) + CASE WHEN created THEN 1 ELSE 0 END
WITH scope, o, observed, c, created
CALL (scope, o, observed, c, created) {
  WITH scope, o, observed, c, created WHERE created
  CREATE (scope)-[:HOLDS]->(c)
  CREATE (c)-[:ABOUT]->(observed)
  WITH c, o
  CALL db.create.setNodeVectorProperty(c, 'embedding', o.embedding)
}
CALL (o, c) {
  MATCH (o)-[proof:DERIVED_FROM]->(said:Message)
  MERGE (c)-[same:DERIVED_FROM]->(said)
  ON CREATE SET same.quote = proof.quote, same.support = said.id, same.at = c.created_at
}
RETURN c.id AS id, created AS created
