// Finds the conclusions of a perspective that were concluded most often and those that are newest, each with its branch.
// access: read
// returns: one
// scope: workspace
// parameters: workspace_id, perspective, session_ids, frequent, recent
CALL () {
  MATCH (n:Held {perspective: $perspective})
  USING INDEX n:Held(perspective, times_derived, created_at)
  WHERE n.workspace_id = $workspace_id AND n.times_derived IS NOT NULL AND n.created_at IS NOT NULL
    AND ($session_ids IS NULL OR (n.level = 'explicit' AND n.session_id IN $session_ids))
  WITH n ORDER BY n.perspective DESC, n.times_derived DESC, n.created_at DESC, n.id
  LIMIT $frequent
  RETURN n, 'frequent' AS branch
  UNION ALL
  MATCH (n:Held {perspective: $perspective})
  USING INDEX n:Held(perspective, created_at)
  WHERE n.workspace_id = $workspace_id AND n.created_at IS NOT NULL
    AND ($session_ids IS NULL OR (n.level = 'explicit' AND n.session_id IN $session_ids))
  WITH n ORDER BY n.perspective DESC, n.created_at DESC, n.id
  LIMIT $recent
  RETURN n, 'recent' AS branch
}
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
  branch: branch, distance: null
}) AS found
