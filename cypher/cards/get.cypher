// Finds the card that a peer keeps about another, if it keeps one; no row when the observer does not exist.
// access: read
// returns: maybe
// scope: workspace
// parameters: workspace_id, observer_id, observed_id
MATCH (observer:Peer {workspace_id: $workspace_id, id: $observer_id})
OPTIONAL MATCH (observed:Peer {workspace_id: observer.workspace_id, id: $observed_id})
OPTIONAL MATCH (observer)-[view:VIEWS]->(observed)
RETURN view.card AS card, view.card_rests AS rests
