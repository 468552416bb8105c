// Deletes a peer that has nothing left; its name is free again.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, peer_id
MATCH (p:Peer {workspace_id: $workspace_id, id: $peer_id})
WHERE p.erasing_at IS NOT NULL
DETACH DELETE p
