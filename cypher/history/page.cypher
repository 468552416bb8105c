// Lists one page of what a workspace held at a time, newest first.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, as_of, skip, limit
// slots: where
MATCH (n:Conclusion {workspace_id: $workspace_id})
WHERE n.created_at <= $as_of AND (n.retired_at IS NULL OR n.retired_at > $as_of)
  AND none(
    place IN range(0, size(coalesce(n.away_from, [])) - 1)
    WHERE n.away_from[place] <= $as_of AND $as_of < n.away_until[place]
  )
  AND {{where}}
WITH n ORDER BY n.workspace_id DESC, n.created_at DESC, n.id DESC
SKIP $skip LIMIT $limit
RETURN
  n.id AS id, n.workspace_id AS workspace_id, n.observer_id AS observer_id, n.observed_id AS observed_id,
  n.session_id AS session_id, n.level AS level, n.content AS content, n.created_at AS created_at,
  n.observed_at AS observed_at, n.about_at AS about_at, n.times_derived AS times_derived,
  [(n)-[:DERIVED_FROM]->(premise:Conclusion) WHERE premise.created_at <= $as_of | premise.id] AS source_ids,
  [(n)-[proof:DERIVED_FROM]->(message:Message) WHERE coalesce(proof.at, n.created_at) <= $as_of | message.id]
    AS source_message_ids
