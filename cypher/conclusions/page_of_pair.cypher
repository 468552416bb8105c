// Lists one page of a perspective's living conclusions, newest first.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, perspective, skip, limit
// slots: where
MATCH (n:Held {perspective: $perspective})
WHERE n.workspace_id = $workspace_id AND n.created_at IS NOT NULL AND {{where}}
WITH n ORDER BY n.perspective DESC, n.created_at DESC, n.id DESC
SKIP $skip LIMIT $limit
RETURN
  n.id AS id, n.workspace_id AS workspace_id, n.observer_id AS observer_id, n.observed_id AS observed_id,
  n.session_id AS session_id, n.level AS level, n.content AS content, n.created_at AS created_at,
  n.observed_at AS observed_at, n.about_at AS about_at, n.times_derived AS times_derived,
  [(n)-[:DERIVED_FROM]->(premise:Conclusion) | premise.id] AS source_ids,
  [(n)-[:DERIVED_FROM]->(message:Message) | message.id] AS source_message_ids
