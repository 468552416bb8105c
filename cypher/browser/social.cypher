// Who has a view of whom, and how much it holds: one edge for each perspective.
// In the Browser, set the parameters first, for instance: :param workspace_id => 'demo'
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id
MATCH view = (observer:Peer {workspace_id: $workspace_id})-[:VIEWS]->(:Peer)
USING INDEX observer:Peer(workspace_id, created_at)
WHERE observer.created_at IS NOT NULL
RETURN view
LIMIT 500
