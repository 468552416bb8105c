// Locks perspectives in the order given, for the rest of the transaction; one that nobody held anything in is made.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, pairs, now
UNWIND $pairs AS pair
MATCH (observer:Peer {workspace_id: $workspace_id, id: pair.observer_id})
MATCH (observed:Peer {workspace_id: observer.workspace_id, id: pair.observed_id})
MERGE (observer)-[view:VIEWS]->(observed)
ON CREATE SET view.created_at = $now, view.conclusions = 0
SET view.locked_at = $now
