// Takes conclusions out of recall that have lost their support, or that were replaced; of one that is out already only the
// reason changes.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, rows, now
UNWIND $rows AS row
MATCH (c:Conclusion {id: row.id})
WHERE c.workspace_id = $workspace_id
WITH c, row, c:Held AS living
SET c.retired_at = coalesce(c.retired_at, $now), c.retired_because = row.because
REMOVE c:Held
WITH c.observer_id AS observer_id, c.observed_id AS observed_id, sum(CASE WHEN living THEN 1 ELSE 0 END) AS retired
WHERE retired > 0
MATCH (observer:Peer {workspace_id: $workspace_id, id: observer_id})
MATCH (observed:Peer {workspace_id: observer.workspace_id, id: observed_id})
MATCH (observer)-[view:VIEWS]->(observed)
SET view.conclusions = view.conclusions - retired, view.updated_at = $now
