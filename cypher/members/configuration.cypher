// Tells how observing is configured for a peer that is or was in a session.
// access: read
// returns: maybe
// scope: workspace
// parameters: workspace_id, session_id, peer_id
MATCH (:Peer {workspace_id: $workspace_id, id: $peer_id})
      -[m:MEMBER_OF]->(:Session {workspace_id: $workspace_id, id: $session_id})
RETURN m.observe_me AS observe_me, m.observe_others AS observe_others
