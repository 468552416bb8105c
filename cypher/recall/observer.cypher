// Finds the peer that holds a perspective.
// access: read
// returns: maybe
// scope: workspace
// parameters: workspace_id, observer_id
MATCH (p:Peer {workspace_id: $workspace_id, id: $observer_id})
RETURN p.id AS id
