// Lists when what holds again, or did for a while, had stopped and came back, in a time, oldest first.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, perspective, since, until, after, limit
MATCH (n:Conclusion {perspective: $perspective})
USING INDEX n:Conclusion(perspective, away_until)
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
// What took its place then is told by the edge, which stays; what comes too late to hold at all may be put off a little.
WITH n, change, COLLECT {
  MATCH (newer:Conclusion)-[edge:SUPERSEDES]->(n)
  WHERE change.kind <> 'revived' AND (edge.at = change.at OR (change.at = n.created_at AND edge.at < change.at))
  RETURN newer.id ORDER BY newer.id
} AS newer_ids
WITH n, newer_ids, change.at AS at, CASE WHEN newer_ids <> [] THEN 'superseded' ELSE change.kind END AS kind
RETURN
  at AS at, kind AS kind, null AS because, n.id AS id, n.content AS content, n.level AS level,
  CASE kind
    WHEN 'superseded' THEN COLLECT {
      MATCH (newer:Conclusion)-[proof:DERIVED_FROM]->(m:Message)
      WHERE newer.id IN newer_ids AND proof.via IS NULL
      RETURN DISTINCT m.id ORDER BY m.id
    }
    WHEN 'merged' THEN COLLECT { MATCH (n)-[:DERIVED_FROM]->(m:Message) RETURN DISTINCT m.id ORDER BY m.id }
    ELSE []
  END AS message_ids,
  newer_ids AS other_ids
