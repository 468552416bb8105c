// Finds the conclusions of a perspective that pass a filter and are nearest to a vector, by comparing each.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, perspective, vector, top_k
// slots: where
MATCH (n:Held {perspective: $perspective})
WHERE n.workspace_id = $workspace_id AND n.created_at IS NOT NULL AND {{where}}
WITH n, 2 * (1 - vector.similarity.cosine(n.embedding, $vector)) AS distance
// A test for the vector before this would read the vectors of all that the filter rules out. Nulls come last.
ORDER BY distance, n.id
LIMIT $top_k
WHERE distance IS NOT NULL
RETURN
  n.id AS id, n.workspace_id AS workspace_id, n.observer_id AS observer_id, n.observed_id AS observed_id,
  n.session_id AS session_id, n.level AS level, n.content AS content, n.created_at AS created_at,
  n.observed_at AS observed_at, n.about_at AS about_at, n.times_derived AS times_derived,
  [(n)-[:DERIVED_FROM]->(premise:Conclusion) | premise.id] AS source_ids,
  [(n)-[:DERIVED_FROM]->(message:Message) | message.id] AS source_message_ids,
  distance AS distance
ORDER BY distance, id
