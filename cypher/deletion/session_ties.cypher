// Ends memberships of a session, and whatever else binds it to others; its workspace keeps it until the end.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, session_id, limit
MATCH (:Session {workspace_id: $workspace_id, id: $session_id})-[tie]-(other)
WHERE NOT other:Workspace AND NOT other:Message AND NOT other:Summary
WITH tie LIMIT $limit
DELETE tie
RETURN count(*) AS total
