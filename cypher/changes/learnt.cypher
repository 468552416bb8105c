// Lists what a perspective learnt in a time, oldest first, with the messages it was learnt from; a contradiction names
// the two that cannot both be so.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, perspective, since, until, after, limit
MATCH (n:Conclusion {perspective: $perspective})
USING INDEX n:Conclusion(perspective, created_at)
WHERE n.workspace_id = $workspace_id AND n.created_at >= $since AND n.created_at < $until
  AND (n.created_at > $since OR n.id >= $after)
  // What was merged at once was not learnt.
  AND NOT (coalesce(n.retired_because, '') = 'merged' AND n.retired_at = n.created_at)
  AND coalesce(n.away_from[0] <> n.created_at, true)
WITH n ORDER BY n.perspective, n.created_at, n.id
LIMIT $limit
RETURN
  n.created_at AS at, CASE n.level WHEN 'contradiction' THEN 'contradicted' ELSE 'learnt' END AS kind,
  null AS because, n.id AS id, n.content AS content, n.level AS level,
  CASE n.level
    WHEN 'contradiction' THEN COLLECT {
      MATCH (n)-[:DERIVED_FROM]->(:Conclusion)-[:DERIVED_FROM]->(m:Message) RETURN DISTINCT m.id ORDER BY m.id
    }
    ELSE COLLECT {
      MATCH (n)-[proof:DERIVED_FROM]->(m:Message)
      WHERE coalesce(proof.at, n.created_at) = n.created_at
      RETURN DISTINCT m.id ORDER BY m.id
    }
  END AS message_ids,
  COLLECT { MATCH (n)-[:DERIVED_FROM]->(premise:Conclusion) RETURN DISTINCT premise.id ORDER BY premise.id } AS other_ids
