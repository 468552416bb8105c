// Writes cards with what each line rests on; one of no lines goes. What a caller set stays, unless it is to be rebuilt; then
// it is kept among what stood before.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, rows, rebuild, now
UNWIND $rows AS row
MATCH (observer:Peer {workspace_id: $workspace_id, id: row.observer_id})
MATCH (observed:Peer {workspace_id: observer.workspace_id, id: row.observed_id})
MATCH (observer)-[view:VIEWS]->(observed)
WHERE view.card IS NULL OR view.card_origin = 'reasoning' OR $rebuild
SET
  view.card = CASE WHEN size(row.card) > 0 THEN row.card END,
  view.card_rests = CASE WHEN size(row.card) > 0 THEN row.rests END,
  view.card_past = coalesce(row.past, view.card_past),
  view.card_origin = 'reasoning', view.card_set_at = null, view.updated_at = $now
