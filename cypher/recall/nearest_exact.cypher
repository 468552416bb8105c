// Finds the conclusions of a perspective that are nearest to a vector, by comparing each; of some sessions, if so asked.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, perspective, session_ids, vector, top_k
MATCH (n:Held {perspective: $perspective})
WHERE n.workspace_id = $workspace_id AND n.created_at IS NOT NULL
  AND ($session_ids IS NULL OR (n.level = 'explicit' AND n.session_id IN $session_ids))
  AND n.embedding IS NOT NULL
WITH n, 2 * (1 - vector.similarity.cosine(n.embedding, $vector)) AS distance
ORDER BY distance, n.id
LIMIT $top_k
RETURN
  n.id AS id, n.workspace_id AS workspace_id, n.observer_id AS observer_id, n.observed_id AS observed_id,
  n.session_id AS session_id, n.level AS level, n.content AS content, n.created_at AS created_at,
  n.observed_at AS observed_at, n.about_at AS about_at, n.times_derived AS times_derived,
  [(n)-[:DERIVED_FROM]->(premise:Conclusion) | premise.id] AS source_ids,
  [(n)-[:DERIVED_FROM]->(message:Message) | message.id] AS source_message_ids,
  [(n)-[:DERIVED_FROM]->(premise:Held) WHERE premise.perspective = n.perspective | premise.content] AS premises,
  'semantic' AS branch, distance AS distance
ORDER BY distance, id
