// Brings conclusions back into recall; the time they were away for is kept.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, conclusion_ids, now
UNWIND $conclusion_ids AS conclusion_id
MATCH (c:Conclusion {id: conclusion_id})
WHERE c.workspace_id = $workspace_id AND NOT c:Held
SET
  c.away_from = coalesce(c.away_from, []) + [coalesce(c.retired_at, $now)],
  c.away_until = coalesce(c.away_until, []) + [$now]
SET c:Held, c.retired_at = null, c.retired_because = null, c.unweighed = toString($now)
WITH c.observer_id AS observer_id, c.observed_id AS observed_id, count(*) AS revived
MATCH (observer:Peer {workspace_id: $workspace_id, id: observer_id})
MATCH (observed:Peer {workspace_id: observer.workspace_id, id: observed_id})
MATCH (observer)-[view:VIEWS]->(observed)
SET view.conclusions = view.conclusions + revived, view.updated_at = $now
