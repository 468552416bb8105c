// Tells what a question is asked in: configurations of the workspace and of a session (none where it is not there, or is
// being deleted), and whether the observed peer exists.
// access: read
// returns: one
// scope: workspace
// parameters: workspace_id, observed_id, session_id
RETURN
  COLLECT { MATCH (w:Workspace {id: $workspace_id}) RETURN w.configuration } AS workspace,
  COLLECT {
    MATCH (s:Session {workspace_id: $workspace_id, id: $session_id}) WHERE s.is_active RETURN s.configuration
  } AS session,
  EXISTS { MATCH (p:Peer {workspace_id: $workspace_id, id: $observed_id}) RETURN p } AS observed
