// Finds cards that were written of conclusions and have a line that no living conclusion of theirs bears out, as perspectives.
// access: read
// returns: many
// scope: global
// parameters: low, high, limit
MATCH (o:Peer)
WHERE o.workspace_id >= $low AND o.workspace_id <= $high AND o.created_at IS NOT NULL
MATCH (o)-[view:VIEWS]->(p:Peer)
WHERE view.card IS NOT NULL AND coalesce(view.card_origin, 'caller') <> 'caller'
WITH view, o.workspace_id + '/' + o.id + '/' + p.id AS perspective
CALL (view, perspective) {
  UNWIND range(0, size(view.card) - 1) AS place
  OPTIONAL MATCH (c:Conclusion)
  WHERE c.id IN split(coalesce(view.card_rests[place], ''), ' ') AND c:Held AND c.perspective = perspective
  WITH place, count(c) AS living
  WHERE living = 0
  RETURN count(place) AS bare
}
WITH view, perspective, bare
WHERE bare > 0 OR size(coalesce(view.card_rests, [])) <> size(view.card)
RETURN perspective AS id
LIMIT $limit
