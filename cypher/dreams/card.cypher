// Writes a perspective's card, unless a caller set the one that is there; with nothing to write, one that was written so
// before goes.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, observer_id, observed_id, card, rebuild, now
MATCH (observer:Peer {workspace_id: $workspace_id, id: $observer_id})
MATCH (observed:Peer {workspace_id: observer.workspace_id, id: $observed_id})
MATCH (observer)-[view:VIEWS]->(observed)
// The write takes the lock, so a caller who sets a card meanwhile is not overwritten.
SET view.locked_at = $now
WITH view
WHERE coalesce(view.card, []) <> $card
  AND (view.card IS NULL OR view.card_origin <> 'caller' OR ($rebuild = true AND size($card) > 0))
SET view.card = CASE WHEN size($card) > 0 THEN $card END, view.card_origin = 'reasoning', view.updated_at = $now
