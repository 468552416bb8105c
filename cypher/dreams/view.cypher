// Reads what is noted on a perspective of its last dream, and which conclusions its card names.
// access: read
// returns: maybe
// scope: workspace
// parameters: workspace_id, observer_id, observed_id
MATCH (observer:Peer {workspace_id: $workspace_id, id: $observer_id})
MATCH (observed:Peer {workspace_id: observer.workspace_id, id: $observed_id})
MATCH (observer)-[view:VIEWS]->(observed)
RETURN
  view.dreamed_at AS dreamed_at, coalesce(view.dream_left_ids, []) AS left_ids, coalesce(view.card_rests, []) AS card_rests
