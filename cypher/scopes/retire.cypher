// Retires some of what a scope holds from a session that has left it, and all that rests on it, directly or not.
// access: write
// returns: many
// scope: workspace
// parameters: workspace_id, session_id, peer_id, limit, now
MATCH (scope:Peer {workspace_id: $workspace_id, id: $peer_id})
      -[m:MEMBER_OF]->(:Session {workspace_id: $workspace_id, id: $session_id})
// The write takes the lock, so the session cannot come back while this goes on.
SET m.reconciled_at = $now
WITH scope, m WHERE m.left_at IS NOT NULL
MATCH (scope)-[:HOLDS]->(c:Held)
WHERE c.session_id = $session_id AND c.level = 'explicit'
WITH c LIMIT $limit
MATCH (c)<-[:DERIVED_FROM*0..]-(gone:Held)
WITH DISTINCT gone
SET gone.retired_at = $now
REMOVE gone:Held
WITH gone.observer_id AS observer_id, gone.observed_id AS observed_id, count(*) AS retired
MATCH (:Peer {workspace_id: $workspace_id, id: observer_id})
      -[view:VIEWS]->(:Peer {workspace_id: $workspace_id, id: observed_id})
SET view.conclusions = view.conclusions - retired, view.updated_at = $now
RETURN observed_id AS observed_id, retired AS retired
