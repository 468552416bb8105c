// Retires one living conclusion for good: it stays where it is but is recalled no more.
// access: write
// returns: maybe
// scope: workspace
// parameters: workspace_id, conclusion_id, now
MATCH (c:Conclusion {id: $conclusion_id})
WHERE c.workspace_id = $workspace_id
// The write takes the lock, so of two that retire at once only one still finds the label.
SET c.locked_at = $now
WITH c WHERE c:Held
SET c.retired_at = $now, c.retired_because = 'deleted'
REMOVE c:Held
WITH c.id AS id, c.observer_id AS observer_id, c.observed_id AS observed_id
MATCH (observer:Peer {workspace_id: $workspace_id, id: observer_id})
MATCH (observed:Peer {workspace_id: observer.workspace_id, id: observed_id})
MATCH (observer)-[view:VIEWS]->(observed)
SET view.conclusions = view.conclusions - 1, view.updated_at = $now
RETURN id AS id
