// Keeps what callers had set in the place of a card before.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, observer_id, observed_id, past
MATCH (observer:Peer {workspace_id: $workspace_id, id: $observer_id})
MATCH (observed:Peer {workspace_id: observer.workspace_id, id: $observed_id})
MATCH (observer)-[view:VIEWS]->(observed)
SET view.card_past = $past
