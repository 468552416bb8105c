// Makes the workspace, the session and the peers that a batch of messages needs and that are not there yet.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, workspace_uid, session_id, session_uid, peers, now
MERGE (w:Workspace {id: $workspace_id})
ON CREATE SET
  w.uid = $workspace_uid, w.metadata = '{}', w.metadata_terms = [], w.configuration = '{}', w.created_at = $now
MERGE (s:Session {workspace_id: $workspace_id, id: $session_id})
ON CREATE SET
  s.uid = $session_uid, s.is_active = true, s.seq = 0, s.metadata = '{}', s.metadata_terms = [],
  s.configuration = '{}', s.created_at = $now
MERGE (s)-[:IN_WORKSPACE]->(w)
WITH w
UNWIND $peers AS row
MERGE (p:Peer {workspace_id: $workspace_id, id: row.id})
ON CREATE SET
  p.uid = row.uid, p.metadata = '{}', p.metadata_terms = [], p.configuration = '{}', p.created_at = $now
MERGE (p)-[:IN_WORKSPACE]->(w)
