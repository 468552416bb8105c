// Records on a perspective until when it was dreamt over, how many explicit conclusions it held then, and what was left
// for the next dream; a timer that runs has had its dream.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, observer_id, observed_id, perspective, dreamed_at, left_ids, now
MATCH (observer:Peer {workspace_id: $workspace_id, id: $observer_id})
MATCH (observed:Peer {workspace_id: observer.workspace_id, id: $observed_id})
MATCH (observer)-[view:VIEWS]->(observed)
SET
  view.dreamed_at = $dreamed_at, view.locked_at = $now, view.dream_due_at = null,
  view.dream_left_ids = CASE WHEN size($left_ids) > 0 THEN $left_ids END,
  view.dreamed_explicit = COUNT {
    MATCH (n:Held {perspective: $perspective})
    WHERE n.workspace_id = $workspace_id AND n.created_at IS NOT NULL AND n.level = 'explicit'
      AND n.created_at <= $dreamed_at
  }
