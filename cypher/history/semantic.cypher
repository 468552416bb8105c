// Finds what a perspective held at a time that is nearest to a vector, by comparing each; of some sessions, if so asked.
// access: read
// returns: one
// scope: workspace
// parameters: workspace_id, perspective, session_ids, as_of, vector, top_k
MATCH (n:Conclusion {perspective: $perspective})
WHERE n.workspace_id = $workspace_id AND n.created_at <= $as_of AND (n.retired_at IS NULL OR n.retired_at > $as_of)
  AND none(
    place IN range(0, size(coalesce(n.away_from, [])) - 1)
    WHERE n.away_from[place] <= $as_of AND $as_of < n.away_until[place]
  )
  AND ($session_ids IS NULL OR (n.level = 'explicit' AND n.session_id IN $session_ids))
WITH n, 2 * (1 - vector.similarity.cosine(n.embedding, $vector)) AS distance
// A test for the vector before this would read the vectors of all that the filter rules out. Nulls come last.
ORDER BY distance, n.id
LIMIT $top_k
WHERE distance IS NOT NULL
RETURN collect({
  id: n.id, workspace_id: n.workspace_id, observer_id: n.observer_id, observed_id: n.observed_id,
  session_id: n.session_id, level: n.level, content: n.content,
  created_us: n.created_at.epochMillis * 1000 + n.created_at.microsecond % 1000,
  observed_us: n.observed_at.epochMillis * 1000 + n.observed_at.microsecond % 1000,
  about_us: n.about_at.epochMillis * 1000 + n.about_at.microsecond % 1000,
  times_derived: n.times_derived, confidence: n.confidence,
  source_ids: [(n)-[:DERIVED_FROM]->(premise:Conclusion) WHERE premise.created_at <= $as_of | premise.id],
  source_message_ids: [
    (n)-[proof:DERIVED_FROM]->(message:Message) WHERE coalesce(proof.at, n.created_at) <= $as_of | message.id
  ],
  premises: [
    (n)-[:DERIVED_FROM]->(premise:Conclusion)
    WHERE premise.observer_id = n.observer_id AND premise.created_at <= $as_of | premise.content
  ],
  premised_us: [
    (n)-[:DERIVED_FROM]->(premise:Conclusion)
    WHERE premise.observer_id = n.observer_id AND premise.created_at <= $as_of
    | premise.observed_at.epochMillis * 1000 + premise.observed_at.microsecond % 1000
  ],
  branch: 'semantic', distance: distance
}) AS found
