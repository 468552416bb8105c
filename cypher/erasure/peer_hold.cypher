// Locks a peer that is being erased; one that has taken its name since is not.
// access: write
// returns: maybe
// scope: workspace
// parameters: workspace_id, peer_id, now
MATCH (p:Peer {workspace_id: $workspace_id, id: $peer_id})
SET p.locked_at = $now
WITH p WHERE p.erasing_at IS NOT NULL
RETURN p.id AS id
