// Reads the configurations that decide whether a dream about a peer may go on.
// access: read
// returns: maybe
// scope: workspace
// parameters: workspace_id, observed_id, session_id
MATCH (w:Workspace {id: $workspace_id})
OPTIONAL MATCH (p:Peer {workspace_id: w.id, id: $observed_id})
OPTIONAL MATCH (s:Session {workspace_id: w.id, id: $session_id})
RETURN
  w.configuration AS workspace, coalesce(p.configuration, '{}') AS peer, coalesce(s.configuration, '{}') AS session
