// Since when the cards that callers set have stood was not kept: at the last change of what is held beside them they did.
MATCH (observer:Peer)-[view:VIEWS]->(:Peer)
WHERE view.card IS NOT NULL AND coalesce(view.card_origin, 'caller') = 'caller' AND view.card_set_at IS NULL
CALL (view) {
  SET view.card_set_at = coalesce(view.updated_at, view.created_at)
} IN TRANSACTIONS OF 500 ROWS;
