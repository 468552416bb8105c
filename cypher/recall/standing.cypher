// Finds the conclusions of a perspective that were concluded most often and those that are newest, each with its branch.
// access: read
// returns: many
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
  WHERE n.workspace_id = $workspace_id AND n.created_at IS NOT NULL
    AND ($session_ids IS NULL OR (n.level = 'explicit' AND n.session_id IN $session_ids))
  WITH n ORDER BY n.perspective DESC, n.created_at DESC, n.id
  LIMIT $recent
  RETURN n, 'recent' AS branch
}
RETURN
  n.id AS id, n.workspace_id AS workspace_id, n.observer_id AS observer_id, n.observed_id AS observed_id,
  n.session_id AS session_id, n.level AS level, n.content AS content, n.created_at AS created_at,
  n.observed_at AS observed_at, n.about_at AS about_at, n.times_derived AS times_derived,
  [(n)-[:DERIVED_FROM]->(premise:Conclusion) | premise.id] AS source_ids,
  [(n)-[:DERIVED_FROM]->(message:Message) | message.id] AS source_message_ids,
  [(n)-[:DERIVED_FROM]->(premise:Held) WHERE premise.perspective = n.perspective | premise.content] AS premises,
  branch AS branch, null AS distance
