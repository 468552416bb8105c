// Reads what conclusions would still rest on without some messages: a retracted one is still there, and counts.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, conclusion_ids, message_ids
UNWIND $conclusion_ids AS conclusion_id
MATCH (c:Conclusion {id: conclusion_id})
WHERE c.workspace_id = $workspace_id
RETURN
  c.id AS id, c.level AS level, true AS living, null AS because,
  c.perspective AS perspective, c.content_key AS content_key, c.created_at AS created_at,
  c.observer_id AS observer_id, c.observed_id AS observed_id,
  NOT EXISTS { (c)-[:DERIVED_FROM]->() } AND (c.content_key = c.id OR NOT EXISTS { (c)<-[:PRODUCED]-() }) AS stated,
  // What it rests on through another that was merged into it says nothing of its own words.
  COLLECT {
    MATCH (c)-[proof:DERIVED_FROM]->(m:Message|Retracted)
    WHERE c.level = 'explicit' AND proof.via IS NULL AND NOT m.id IN $message_ids
    WITH m LIMIT 2
    RETURN {support: m.id, id: m.id, stands: true}
  } + COLLECT {
    MATCH (c)-[proof:DERIVED_FROM]->(m:Message|Retracted)
    WHERE c.level <> 'explicit' AND proof.via IS NULL
    RETURN {support: coalesce(proof.support, 'one'), id: m.id, stands: NOT m.id IN $message_ids}
  } AS said,
  COLLECT {
    MATCH (c)-[proof:DERIVED_FROM]->(p:Conclusion)
    WHERE proof.via IS NULL
    RETURN {support: coalesce(proof.support, 'one'), id: p.id, one_of: [p.id], living: [p.id]}
  } AS premises,
  [] AS superseded_by, [] AS superseded_living, [] AS supersedes,
  COLLECT { MATCH (c)<-[:DERIVED_FROM]-(d:Conclusion) RETURN DISTINCT d.id } AS downstream
