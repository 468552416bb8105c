// Deletes units of work of a peer, so that the commit of a worker that still holds one fails. Deletions stay.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, peer_id, limit
MATCH (n:Work {workspace_id: $workspace_id})
WHERE (n.peer_id = $peer_id OR n.observer_id = $peer_id) AND n.kind <> 'deletion'
WITH n LIMIT $limit
DETACH DELETE n
RETURN count(*) AS total
