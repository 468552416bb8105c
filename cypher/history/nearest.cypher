// Finds what a perspective held at a time that is nearest to a vector, by comparing each.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, perspective, as_of, vector, top_k
// slots: where
MATCH (n:Conclusion {perspective: $perspective})
WHERE n.workspace_id = $workspace_id AND n.created_at <= $as_of AND (n.retired_at IS NULL OR n.retired_at > $as_of)
  AND none(
    place IN range(0, size(coalesce(n.away_from, [])) - 1)
    WHERE n.away_from[place] <= $as_of AND $as_of < n.away_until[place]
  )
  AND {{where}}
WITH n, 2 * (1 - vector.similarity.cosine(n.embedding, $vector)) AS distance
// A test for the vector before this would read the vectors of all that the filter rules out. Nulls come last.
ORDER BY distance, n.id
LIMIT $top_k
WHERE distance IS NOT NULL
RETURN
  n.id AS id, n.workspace_id AS workspace_id, n.observer_id AS observer_id, n.observed_id AS observed_id,
  n.session_id AS session_id, n.level AS level, n.content AS content, n.created_at AS created_at,
  n.observed_at AS observed_at, n.about_at AS about_at, n.times_derived AS times_derived,
  [(n)-[:DERIVED_FROM]->(premise:Conclusion) WHERE premise.created_at <= $as_of | premise.id] AS source_ids,
  [(n)-[proof:DERIVED_FROM]->(message:Message) WHERE coalesce(proof.at, n.created_at) <= $as_of | message.id]
    AS source_message_ids,
  distance AS distance
ORDER BY distance, id
