// Lists what stopped holding in a perspective since a time, or holds again, and what took its place.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, perspective, since
CALL () {
  MATCH (c:Conclusion {perspective: $perspective})
  WHERE c.workspace_id = $workspace_id AND c.retired_at >= $since
  RETURN c, CASE WHEN c.retired_because IN ['superseded', 'merged'] THEN c.retired_because ELSE 'retired' END AS kind
  UNION
  MATCH (c:Conclusion {perspective: $perspective})
  WHERE c.workspace_id = $workspace_id AND c.away_until IS NOT NULL AND c.away_until[-1] >= $since
  RETURN c, 'revived' AS kind
}
RETURN
  kind AS kind, c.id AS id, c.content AS content, c.level AS level,
  COLLECT {
    MATCH (newer:Conclusion)-[:SUPERSEDES]->(c)
    WHERE kind = 'superseded'
    RETURN {id: newer.id, content: newer.content} ORDER BY newer.created_at, newer.id
  } AS others
ORDER BY kind, c.id
