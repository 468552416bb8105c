// Lists messages of a session, the retracted too.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, session_id, limit
CALL () {
  MATCH (m:Message {workspace_id: $workspace_id, session_id: $session_id})
  WHERE m.seq > 0
  RETURN m.id AS id LIMIT $limit
  UNION ALL
  MATCH (m:Retracted {workspace_id: $workspace_id, session_id: $session_id})
  WHERE m.seq > 0
  RETURN m.id AS id LIMIT $limit
}
RETURN id AS id LIMIT $limit
