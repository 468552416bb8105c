// Retires some of what a scope holds from a session that has left it, and lets nothing of it come back: what was superseded
// or had lost its support is withdrawn as well. What rests on it is for its caller to settle.
// access: write
// returns: many
// scope: workspace
// parameters: workspace_id, session_id, peer_id, limit, now
MATCH (scope:Peer {workspace_id: $workspace_id, id: $peer_id})
      -[m:MEMBER_OF]->(:Session {workspace_id: $workspace_id, id: $session_id})
// The write takes the lock, so the session cannot come back while this goes on.
SET m.reconciled_at = $now
WITH scope, m WHERE m.left_at IS NOT NULL
MATCH (c:Conclusion {workspace_id: $workspace_id, session_id: $session_id})
WHERE c.observer_id = scope.id AND c.level = 'explicit'
  AND (c:Held OR c.retired_because IN ['superseded', 'unsupported'])
WITH c LIMIT $limit
WITH c, CASE WHEN c:Held THEN 1 ELSE 0 END AS living
SET c.retired_at = CASE living WHEN 1 THEN $now ELSE c.retired_at END, c.retired_because = 'withdrawn'
REMOVE c:Held
WITH c.observer_id AS observer_id, c.observed_id AS observed_id, collect(c.id) AS ids, sum(living) AS living
MATCH (observer:Peer {workspace_id: $workspace_id, id: observer_id})
MATCH (observed:Peer {workspace_id: observer.workspace_id, id: observed_id})
MATCH (observer)-[view:VIEWS]->(observed)
SET view.conclusions = view.conclusions - living, view.updated_at = $now
RETURN observed_id AS observed_id, ids AS ids
