// Lists what stopped holding in a time, oldest first: what took its place, and the messages that brought it about.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, perspective, since, until, after, limit
MATCH (n:Conclusion {perspective: $perspective})
USING INDEX n:Conclusion(perspective, retired_at)
WHERE n.workspace_id = $workspace_id AND n.retired_at >= $since AND n.retired_at < $until
  AND (n.retired_at > $since OR n.id >= $after)
WITH n ORDER BY n.perspective, n.retired_at, n.id
LIMIT $limit
// What took its place then, not what had before it came back; where all edges are older, one of those has done so again.
WITH n, COLLECT {
  MATCH (newer:Conclusion)-[edge:SUPERSEDES]->(n)
  WHERE n.retired_because = 'superseded' AND edge.at = n.retired_at
  RETURN newer.id ORDER BY newer.id
} AS then_ids
WITH n, CASE WHEN then_ids <> [] THEN then_ids ELSE COLLECT {
  MATCH (newer:Conclusion)-[:SUPERSEDES]->(n)
  WHERE n.retired_because = 'superseded'
  RETURN newer.id ORDER BY newer.id
} END AS newer_ids
RETURN
  n.retired_at AS at, CASE WHEN n.retired_because IN ['superseded', 'merged'] THEN n.retired_because ELSE 'retired' END AS kind,
  n.retired_because AS because, n.id AS id, n.content AS content, n.level AS level,
  CASE n.retired_because
    WHEN 'superseded' THEN COLLECT {
      MATCH (newer:Conclusion)-[proof:DERIVED_FROM]->(m:Message)
      WHERE newer.id IN newer_ids AND proof.via IS NULL
      RETURN DISTINCT m.id ORDER BY m.id
    }
    WHEN 'merged' THEN COLLECT { MATCH (n)-[:DERIVED_FROM]->(m:Message) RETURN DISTINCT m.id ORDER BY m.id }
    ELSE []
  END AS message_ids,
  CASE n.retired_because
    WHEN 'superseded' THEN newer_ids
    WHEN 'merged' THEN COLLECT { MATCH (n)-[:MERGED_INTO]->(into:Conclusion) RETURN into.id ORDER BY into.id }
    ELSE []
  END AS other_ids
