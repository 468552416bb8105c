// Reads what conclusions rest on, what replaced them, and what hangs on each: nothing but its own neighbours is touched.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, conclusion_ids
UNWIND $conclusion_ids AS conclusion_id
MATCH (c:Conclusion {id: conclusion_id})
WHERE c.workspace_id = $workspace_id
RETURN
  c.id AS id, c.level AS level, c:Held AS living, c.retired_because AS because,
  c.perspective AS perspective, c.content_key AS content_key, c.created_at AS created_at,
  c.observer_id AS observer_id, c.observed_id AS observed_id,
  NOT EXISTS { (c)-[:DERIVED_FROM]->() } AND (c.content_key = c.id OR NOT EXISTS { (c)<-[:PRODUCED]-() }) AS stated,
  // Each message that said it outright is enough by itself, and two tell as much as thousands.
  COLLECT {
    MATCH (c)-[:DERIVED_FROM]->(m:Message)
    WHERE c.level = 'explicit'
    WITH m LIMIT 2
    RETURN {support: m.id, id: m.id, stands: true}
  } + COLLECT {
    MATCH (c)-[proof:DERIVED_FROM]->(m:Message|Retracted)
    WHERE c.level <> 'explicit'
    RETURN {support: coalesce(proof.support, 'one'), id: m.id, stands: m:Message}
  } AS said,
  // A premise that was merged stands for what it was merged into.
  COLLECT {
    MATCH (c)-[proof:DERIVED_FROM]->(p:Conclusion)
    RETURN {
      support: coalesce(proof.support, 'one'), id: p.id,
      one_of: COLLECT { MATCH (p)-[:MERGED_INTO*0..]->(k:Conclusion) RETURN DISTINCT k.id },
      living: COLLECT { MATCH (p)-[:MERGED_INTO*0..]->(k:Conclusion) WHERE k:Held RETURN DISTINCT k.id }
    }
  } AS premises,
  COLLECT { MATCH (c)<-[:SUPERSEDES*1..]-(x:Conclusion) RETURN DISTINCT x.id } AS superseded_by,
  COLLECT { MATCH (c)<-[:SUPERSEDES*1..]-(x:Conclusion) WHERE x:Held RETURN DISTINCT x.id } AS superseded_living,
  COLLECT { MATCH (c)-[:SUPERSEDES*1..]->(x:Conclusion) RETURN DISTINCT x.id } AS supersedes,
  COLLECT { MATCH (c)<-[:MERGED_INTO*0..]-()<-[:DERIVED_FROM]-(d:Conclusion) RETURN DISTINCT d.id } AS downstream
