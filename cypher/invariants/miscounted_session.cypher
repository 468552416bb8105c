// Finds sessions in which other numbers are missing than those of messages retracted or erased.
// access: read
// returns: many
// scope: global
// parameters: low, high, limit
MATCH (s:Session)
WHERE s.workspace_id >= $low AND s.workspace_id <= $high AND s.created_at IS NOT NULL AND s.is_active
  AND coalesce(s.hidden, 0) <> s.seq - COUNT {
    MATCH (m:Message {workspace_id: s.workspace_id, session_id: s.id}) WHERE m.seq > 0
  }
RETURN s.workspace_id + '/' + s.id AS id
LIMIT $limit
