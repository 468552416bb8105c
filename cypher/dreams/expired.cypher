// Lists perspectives whose timer has run out, the longest ago first.
// access: read
// returns: many
// scope: global
// parameters: now, limit
MATCH (observer)-[view:VIEWS]->(observed)
WHERE view.dream_due_at <= $now
RETURN observed.workspace_id AS workspace_id, observer.id AS observer_id, observed.id AS observed_id
ORDER BY view.dream_due_at
LIMIT $limit
