// Stores conclusions that a client states itself; each stands alone, without a source message.
// access: write
// returns: many
// scope: workspace
// parameters: workspace_id, rows, vectors, now
UNWIND $rows AS row
MATCH (observer:Peer {workspace_id: $workspace_id, id: row.observer_id})
MATCH (observed:Peer {workspace_id: observer.workspace_id, id: row.observed_id})
OPTIONAL MATCH (s:Session {workspace_id: $workspace_id, id: row.session_id})
// The lock, so that what deletes the session sees the conclusion or this sees that it is being deleted.
FOREACH (session IN CASE WHEN s IS NULL THEN [] ELSE [s] END | SET session.locked_at = $now)
WITH row, observer, observed, s
WHERE row.session_id IS NULL OR s.is_active
CREATE (c:Conclusion:Held {
  id: row.id, workspace_id: $workspace_id, observer_id: row.observer_id, observed_id: row.observed_id,
  perspective: row.perspective, session_id: row.session_id, level: 'explicit', content: row.content,
  content_key: row.id, created_at: row.created_at, observed_at: row.created_at, times_derived: 1,
  slot: row.slot, slot_value: row.slot_value, slot_key: row.slot_key, exclusive: row.exclusive, negated: row.negated,
  lasting: row.lasting, about_at: row.about_at, unweighed: row.id
})
CREATE (observer)-[:HOLDS]->(c)
CREATE (c)-[:ABOUT]->(observed)
MERGE (observer)-[view:VIEWS]->(observed)
ON CREATE SET view.created_at = $now, view.conclusions = 0
SET view.updated_at = $now, view.conclusions = view.conclusions + 1
WITH c, row
CALL (c, row) {
  CALL db.create.setNodeVectorProperty(c, 'embedding', $vectors[row.vector])
}
RETURN c.id AS id
