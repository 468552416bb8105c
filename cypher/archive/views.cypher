// Reads who holds something about a peer, with the cards.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, peer_id
MATCH (o:Peer)-[view:VIEWS]->(:Peer {workspace_id: $workspace_id, id: $peer_id})
RETURN o.id AS observer_id, properties(view) AS properties
