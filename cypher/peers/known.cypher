// Tells which of some names are peers.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, peer_ids
UNWIND $peer_ids AS peer_id
MATCH (n:Peer {workspace_id: $workspace_id, id: peer_id})
RETURN n.id AS id
