// Lists what a perspective holds, the newest of it, with its vectors, what each rests on and how much rests on it.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, perspective, limit
MATCH (n:Held {perspective: $perspective})
WHERE n.workspace_id = $workspace_id AND n.created_at IS NOT NULL
WITH n ORDER BY n.perspective DESC, n.created_at DESC
LIMIT $limit
RETURN
  n.id AS id, n.level AS level, n.content AS content, n.created_at AS created_at,
  n.unweighed IS NOT NULL AS unweighed, n.embedding AS vector,
  EXISTS { MATCH (n)<-[:PRODUCED]-(run:Run) WHERE run.step = 'dream' } AS dreamt,
  COLLECT { MATCH (n)-[:DERIVED_FROM]->(m:Message) RETURN DISTINCT m.id ORDER BY m.id } AS message_ids,
  COLLECT { MATCH (n)-[:DERIVED_FROM]->(p:Conclusion) RETURN DISTINCT p.id ORDER BY p.id } AS premise_ids,
  size(COLLECT {
    MATCH (n)-[proof:DERIVED_FROM]->(premise)
    RETURN DISTINCT coalesce(proof.support, CASE WHEN n.level = 'explicit' THEN premise.id ELSE 'one' END)
  }) AS derivations,
  COUNT { MATCH (n)<-[:DERIVED_FROM]-(d:Held) WHERE d.level <> 'contradiction' RETURN DISTINCT d } AS used,
  COLLECT {
    MATCH (n)-[clash:CONTRADICTS]-(other:Held)
    RETURN {
      other_id: other.id, at: clash.at,
      gained: EXISTS { MATCH (n)-[proof:DERIVED_FROM]->() WHERE proof.at > clash.at }
    }
    ORDER BY other.id
  } AS clashes
