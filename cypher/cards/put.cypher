// Replaces the card that a peer keeps about another; both peers exist.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, observer_id, observed_id, card, origin, now
MATCH (observer:Peer {workspace_id: $workspace_id, id: $observer_id})
MATCH (observed:Peer {workspace_id: observer.workspace_id, id: $observed_id})
MERGE (observer)-[view:VIEWS]->(observed)
ON CREATE SET view.created_at = $now, view.conclusions = 0
SET view.card = $card, view.card_origin = $origin, view.updated_at = $now
RETURN view.card AS card
