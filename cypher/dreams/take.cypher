// Stops the timer of a perspective that has run out, unless words of the one it is about are still to be reasoned over:
// those wind it anew. Names the session of the newest conclusion that was drawn from words.
// access: write
// returns: maybe
// scope: workspace
// parameters: workspace_id, observer_id, observed_id, perspective, now
MATCH (observer:Peer {workspace_id: $workspace_id, id: $observer_id})
MATCH (observed:Peer {workspace_id: observer.workspace_id, id: $observed_id})
MATCH (observer)-[view:VIEWS]->(observed)
// The write takes the lock, so of two sweeps only one still finds the timer.
SET view.locked_at = $now
WITH view
WHERE view.dream_due_at <= $now AND NOT EXISTS {
  MATCH (w:Work {workspace_id: $workspace_id})
  WHERE w.due_at IS NOT NULL AND w.kind = 'reasoning' AND w.peer_id = $observed_id
}
SET view.dream_due_at = null
WITH COLLECT {
  MATCH (n:Held {perspective: $perspective})
  WHERE n.workspace_id = $workspace_id AND n.created_at IS NOT NULL AND n.level = 'explicit'
    AND n.session_id IS NOT NULL
  RETURN n.session_id
  ORDER BY n.perspective DESC, n.created_at DESC
  LIMIT 1
} AS newest
RETURN coalesce(newest[0], '') AS session_id
