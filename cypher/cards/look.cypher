// Reads the cards of perspectives with what is configured about them, and locks them: what they say is decided next.
// access: write
// returns: many
// scope: workspace
// parameters: workspace_id, pairs, rebuild, now
UNWIND $pairs AS pair
MATCH (observer:Peer {workspace_id: $workspace_id, id: pair.observer_id})
MATCH (observed:Peer {workspace_id: observer.workspace_id, id: pair.observed_id})
MATCH (observer)-[view:VIEWS]->(observed)
// The write takes the lock, so a caller who sets a card meanwhile is not overwritten, and of two that write one the later
// sees what the earlier left.
SET view.locked_at = $now
WITH observer, observed, view
OPTIONAL MATCH (w:Workspace {id: observer.workspace_id})
RETURN
  observer.id AS observer_id, observed.id AS observed_id, view.card AS card, view.card_rests AS rests,
  coalesce(view.card_origin, 'caller') AS origin,
  // Only who rebuilds puts an end to what a caller set.
  CASE WHEN $rebuild AND view.card IS NOT NULL AND coalesce(view.card_origin, 'caller') = 'caller'
    THEN coalesce(view.card_set_at, view.updated_at, view.created_at) END AS set_at,
  CASE WHEN $rebuild THEN view.card_past END AS past,
  coalesce(w.configuration, '{}') AS workspace,
  coalesce(observed.configuration, '{}') AS peer
