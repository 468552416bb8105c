// Finds the card that a peer keeps about another, with since when a caller's has stood, what callers had set before, and
// what is configured; no row when the observer does not exist.
// access: read
// returns: maybe
// scope: workspace
// parameters: workspace_id, observer_id, observed_id
MATCH (observer:Peer {workspace_id: $workspace_id, id: $observer_id})
OPTIONAL MATCH (observed:Peer {workspace_id: observer.workspace_id, id: $observed_id})
OPTIONAL MATCH (observer)-[view:VIEWS]->(observed)
OPTIONAL MATCH (w:Workspace {id: observer.workspace_id})
RETURN
  view.card AS card, view.card_rests AS rests,
  CASE WHEN view.card IS NOT NULL AND coalesce(view.card_origin, 'caller') = 'caller'
    THEN coalesce(view.card_set_at, view.updated_at, view.created_at) END AS set_at,
  view.card_past AS past, coalesce(w.configuration, '{}') AS workspace, coalesce(observed.configuration, '{}') AS peer
