// Finds the conclusions of a perspective that are nearest to a vector, through the vector index.
// access: read
// returns: one
// scope: workspace
// parameters: workspace_id, perspective, vector, top_k
CYPHER 25
MATCH (n:Held)
SEARCH n IN (VECTOR INDEX held_embedding FOR $vector WHERE n.perspective = $perspective LIMIT $top_k) SCORE AS score
WITH n, score
ORDER BY score DESC, n.id
WHERE n.workspace_id = $workspace_id
RETURN collect({
  id: n.id, workspace_id: n.workspace_id, observer_id: n.observer_id, observed_id: n.observed_id,
  session_id: n.session_id, level: n.level, content: n.content,
  created_us: n.created_at.epochMillis * 1000 + n.created_at.microsecond % 1000,
  observed_us: n.observed_at.epochMillis * 1000 + n.observed_at.microsecond % 1000,
  about_us: n.about_at.epochMillis * 1000 + n.about_at.microsecond % 1000,
  times_derived: n.times_derived, confidence: n.confidence,
  source_ids: [(n)-[:DERIVED_FROM]->(premise:Conclusion) | premise.id],
  source_message_ids: [(n)-[:DERIVED_FROM]->(message:Message) | message.id],
  premises: [(n)-[:DERIVED_FROM]->(premise:Held) WHERE premise.observer_id = n.observer_id | premise.content],
  premised_us: [
    (n)-[:DERIVED_FROM]->(premise:Held) WHERE premise.observer_id = n.observer_id
    | premise.observed_at.epochMillis * 1000 + premise.observed_at.microsecond % 1000
  ],
  branch: 'semantic', distance: 2 * (1 - score)
}) AS found
