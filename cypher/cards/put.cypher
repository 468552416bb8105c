// Replaces the card that a peer keeps about another by one that a caller sets, and tells what a caller had set there before
// and since when; both peers exist.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, observer_id, observed_id, card, now
MATCH (observer:Peer {workspace_id: $workspace_id, id: $observer_id})
MATCH (observed:Peer {workspace_id: observer.workspace_id, id: $observed_id})
MERGE (observer)-[view:VIEWS]->(observed)
ON CREATE SET view.created_at = $now, view.conclusions = 0
// The write takes the lock, so of two who set a card the later sees what the earlier set.
SET view.locked_at = $now
WITH view, view.card AS former, view.card_past AS past,
     CASE WHEN view.card IS NOT NULL AND coalesce(view.card_origin, 'caller') = 'caller'
       THEN coalesce(view.card_set_at, view.updated_at, view.created_at) END AS set_at
SET
  view.card = $card, view.card_rests = null, view.card_origin = 'caller', view.updated_at = $now,
  view.card_set_at = CASE WHEN set_at IS NOT NULL AND former = $card THEN set_at ELSE $now END
RETURN view.card AS card, former AS former, set_at AS set_at, past AS past
