// Winds the timer of a perspective's next dream anew, or stops it.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, observer_id, observed_id, due_at, now
MATCH (observer:Peer {workspace_id: $workspace_id, id: $observer_id})
MATCH (observed:Peer {workspace_id: observer.workspace_id, id: $observed_id})
MATCH (observer)-[view:VIEWS]->(observed)
SET view.dream_due_at = $due_at, view.locked_at = $now
