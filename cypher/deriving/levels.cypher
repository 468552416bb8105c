// Reads the configurations that decide whether, and how, something may be derived about peers.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, peer_ids
MATCH (w:Workspace {id: $workspace_id})
UNWIND $peer_ids AS peer_id
MATCH (p:Peer {workspace_id: w.id, id: peer_id})
WHERE p.erasing_at IS NULL
RETURN
  p.id AS id, coalesce(w.configuration, '{}') AS workspace, coalesce(p.configuration, '{}') AS peer
