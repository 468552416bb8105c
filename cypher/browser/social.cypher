// Who has a view of whom, and how much it holds: one edge for each perspective.
// In the Browser, set the parameters first, for instance: :param workspace_id => 'demo'
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id
MATCH view = (:Peer {workspace_id: $workspace_id})-[:VIEWS]->(:Peer)
RETURN view
LIMIT 500
