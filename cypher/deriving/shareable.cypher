// Finds what was derived from the peer's own view of itself, and what the observer of some conclusions might hold as well,
// since it holds what stands for one of the premises.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, conclusion_ids, limit
UNWIND $conclusion_ids AS conclusion_id
MATCH (n:Conclusion {id: conclusion_id})
WHERE n:Held AND n.workspace_id = $workspace_id AND n.observer_id <> n.observed_id
MATCH (alias:Conclusion)-[:MERGED_INTO*0..4]->(n)
WITH n, alias, $workspace_id + '/' + n.observed_id + '/' + n.observed_id AS own
CALL (alias, own) {
  MATCH (twin:Held {perspective: own, content_key: alias.content_key})
  RETURN twin
  UNION
  MATCH (alias)-[:DERIVED_FROM]->(m:Message)
  WITH alias, own, m ORDER BY m.created_at DESC LIMIT 5
  MATCH (m)<-[:DERIVED_FROM]-(other:Conclusion {content_key: alias.content_key})-[:MERGED_INTO*1..8]->(twin:Held)
  WHERE other.perspective = own
  RETURN twin
}
MATCH (twin)<-[proof:DERIVED_FROM]-(d:Held)
WHERE d.level IN ['deductive', 'inductive'] AND d.observer_id = twin.observer_id AND proof.support IS NOT NULL
  AND NOT EXISTS {
    MATCH (:Held {
      perspective: $workspace_id + '/' + n.observer_id + '/' + d.observed_id, content_key: d.content_key
    })
  }
WITH DISTINCT d, proof.support AS support
ORDER BY d.created_at, support
LIMIT $limit
RETURN
  d.observer_id AS observer_id, d.observed_id AS observed_id, d.level AS level, d.content AS content,
  d.embedding AS embedding, d.slot AS slot, d.slot_value AS value, coalesce(d.exclusive, false) AS exclusive,
  coalesce(d.negated, false) AS negated, coalesce(d.lasting, 'lasting') AS lasting,
  COLLECT { MATCH (d)-[proof:DERIVED_FROM]->(p:Conclusion) WHERE proof.support = support RETURN p.id } AS premise_ids
