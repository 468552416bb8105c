// Finds conclusions by their ids, living or retired.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, conclusion_ids
MATCH (n:Conclusion)
WHERE n.id IN $conclusion_ids AND n.workspace_id = $workspace_id
RETURN
  n.id AS id, n.workspace_id AS workspace_id, n.observer_id AS observer_id, n.observed_id AS observed_id,
  n.session_id AS session_id, n.level AS level, n.content AS content, n.created_at AS created_at,
  n.observed_at AS observed_at, n.about_at AS about_at, n.times_derived AS times_derived,
  [(n)-[:DERIVED_FROM]->(premise:Conclusion) | premise.id] AS source_ids,
  [(n)-[:DERIVED_FROM]->(message:Message) | message.id] AS source_message_ids
