// Reads the summaries of a session that is in use.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, session_id
MATCH (s:Session {workspace_id: $workspace_id, id: $session_id})-[:SUMMARISED_BY]->(n:Summary)
WHERE s.is_active
RETURN
  n.id AS id, n.kind AS kind, n.content AS content, n.token_count AS token_count, n.message_id AS message_id,
  n.message_seq AS message_seq, n.created_at AS created_at
