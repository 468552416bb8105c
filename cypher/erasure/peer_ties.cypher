// Ends memberships and views of a peer, and views of it; its workspace keeps it until the end.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, peer_id, limit
MATCH (p:Peer {workspace_id: $workspace_id, id: $peer_id})
MATCH (p)-[tie:MEMBER_OF|VIEWS]-()
WITH tie LIMIT $limit
DELETE tie
RETURN count(*) AS total
