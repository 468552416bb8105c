// Finds the conclusions of one level of a workspace, in any perspective, that are nearest to a vector, through the vector index.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, level, vector, top_k
CYPHER 25
MATCH (n:Held)
SEARCH n IN (
  VECTOR INDEX held_embedding FOR $vector WHERE n.workspace_id = $workspace_id AND n.level = $level LIMIT $top_k
) SCORE AS score
WITH n, score
RETURN
  n.id AS id, n.workspace_id AS workspace_id, n.observer_id AS observer_id, n.observed_id AS observed_id,
  n.session_id AS session_id, n.level AS level, n.content AS content, n.created_at AS created_at,
  n.observed_at AS observed_at, n.about_at AS about_at, n.times_derived AS times_derived,
  [(n)-[:DERIVED_FROM]->(premise:Conclusion) | premise.id] AS source_ids,
  [(n)-[:DERIVED_FROM]->(message:Message) | message.id] AS source_message_ids,
  2 * (1 - score) AS distance
ORDER BY distance, id
