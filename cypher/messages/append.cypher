// Stores messages at the end of a locked session.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, session_id, seq, messages
MATCH (s:Session {workspace_id: $workspace_id, id: $session_id})
SET s.seq = $seq
WITH s
UNWIND $messages AS row
MATCH (p:Peer {workspace_id: $workspace_id, id: row.peer_id})
CREATE (m:Message {
  id: row.id, workspace_id: $workspace_id, session_id: $session_id, seq: row.seq, peer_id: row.peer_id,
  content: row.content, token_count: row.token_count, metadata: row.metadata, metadata_terms: row.metadata_terms,
  created_at: row.created_at, configuration: row.configuration, observer_ids: row.observer_ids,
  instructions: row.instructions
})
CREATE (p)-[:SENT]->(m)
CREATE (m)-[:IN_SESSION]->(s)
