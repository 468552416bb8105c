// Makes the copy of a session, out of use until it is complete, with its metadata and configuration.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, session_id, clone_id, uid, now
MATCH (s:Session {workspace_id: $workspace_id, id: $session_id})-[:IN_WORKSPACE]->(w:Workspace)
CREATE (n:Session {
  workspace_id: $workspace_id, id: $clone_id, uid: $uid, is_active: false, seq: 0, metadata: s.metadata,
  metadata_terms: s.metadata_terms, configuration: s.configuration, created_at: $now
})
CREATE (n)-[:IN_WORKSPACE]->(w)
