// Deletes units of work of a session, so that the commit of a worker that still holds one fails. Deletions stay.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, session_id, limit
MATCH (n:Work {workspace_id: $workspace_id})
WHERE n.session_id = $session_id AND n.kind <> 'deletion'
WITH n LIMIT $limit
DETACH DELETE n
RETURN count(*) AS total
