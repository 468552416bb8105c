// Lists when what holds again, or did for a while, had stopped and came back, in a time, oldest first.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, perspective, since, until, after, limit
MATCH (n:Conclusion {perspective: $perspective})
WHERE n.workspace_id = $workspace_id AND n.away_until IS NOT NULL
UNWIND range(0, size(n.away_until) - 1) AS place
UNWIND [
  {
    at: n.away_from[place],
    kind: CASE WHEN place = 0 AND n.away_from[0] = n.created_at THEN 'merged' ELSE 'retired' END
  },
  {at: n.away_until[place], kind: 'revived'}
] AS change
WITH n, change
WHERE change.at >= $since AND change.at < $until AND (change.at > $since OR n.id >= $after)
ORDER BY change.at, n.id
LIMIT $limit
RETURN
  change.at AS at, change.kind AS kind, null AS because, n.id AS id, n.content AS content, n.level AS level,
  CASE change.kind
    WHEN 'merged' THEN COLLECT { MATCH (n)-[:DERIVED_FROM]->(m:Message) RETURN DISTINCT m.id ORDER BY m.id }
    ELSE []
  END AS message_ids,
  [] AS other_ids
