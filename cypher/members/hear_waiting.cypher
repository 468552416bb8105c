// Makes observers of peers that joined locked sessions late: what waits there to be reasoned over they will hold too.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, pairs
UNWIND $pairs AS pair
MATCH (w:Work)
WHERE w.key STARTS WITH 'reasoning/' + $workspace_id + '/' + pair.session_id + '/' AND w.cursor < w.last_seq
MATCH (said:Message {workspace_id: $workspace_id, session_id: pair.session_id})
WHERE said.seq > w.cursor AND said.peer_id = w.peer_id AND said.observer_ids IS NOT NULL
  AND NOT pair.peer_id IN said.observer_ids
SET said.observer_ids = said.observer_ids + pair.peer_id
