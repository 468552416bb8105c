// Ends memberships and views of a workspace's peers, and whatever else binds them to others.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, limit
MATCH (p:Peer {workspace_id: $workspace_id})
WHERE p.created_at IS NOT NULL
MATCH (p)-[tie:MEMBER_OF|VIEWS|SENT]->()
WITH tie LIMIT $limit
DELETE tie
RETURN count(*) AS total
