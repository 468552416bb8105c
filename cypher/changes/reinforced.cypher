// Lists what was concluded again in a time, oldest first, with the messages that said it again.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, perspective, since, until, after, limit
MATCH (n:Conclusion {perspective: $perspective})
USING INDEX n:Conclusion(perspective, reinforced_at)
WHERE n.workspace_id = $workspace_id AND n.reinforced_at >= $since
MATCH (n)-[proof:DERIVED_FROM]->(m:Message)
WHERE proof.at > n.created_at AND proof.via IS NULL AND proof.at >= $since AND proof.at < $until
  AND (proof.at > $since OR n.id >= $after)
WITH n, proof.at AS at, collect(DISTINCT m.id) AS message_ids
ORDER BY at, n.id
LIMIT $limit
RETURN
  at AS at, 'reinforced' AS kind, null AS because, n.id AS id, n.content AS content, n.level AS level,
  message_ids AS message_ids, [] AS other_ids
