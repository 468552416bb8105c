// Stores a summary of an active session in the place of the one before, unless that one or the messages that it was made
// of have changed since.
// access: write
// returns: maybe
// scope: workspace
// parameters: workspace_id, session_id, run_id, id, kind, content, token_count, seq, after, message_ids, message_id, previous_id, now
MATCH (s:Session {workspace_id: $workspace_id, id: $session_id})
SET s.locked_at = $now
WITH s WHERE s.is_active
OPTIONAL MATCH (s)-[:SUMMARISED_BY]->(old:Summary {kind: $kind})
WITH s, old, coalesce(old.id, '') = $previous_id AND $message_ids = COLLECT {
  MATCH (n:Message {workspace_id: $workspace_id, session_id: $session_id})
  WHERE n.seq > $after AND n.seq <= $seq
  RETURN n.id ORDER BY n.seq
} AS same
CALL (s, old, same) {
  WITH s, old, same WHERE same
  MATCH (m:Message {id: $message_id})
  WHERE m.workspace_id = $workspace_id
  FOREACH (n IN CASE WHEN old IS NULL THEN [] ELSE [old] END | DETACH DELETE n)
  CREATE (n:Summary {
    id: $id, workspace_id: $workspace_id, session_id: $session_id, kind: $kind, content: $content,
    token_count: $token_count, seq: $seq, message_id: m.id, message_seq: m.seq, created_at: $now
  })
  CREATE (s)-[:SUMMARISED_BY]->(n)
  CREATE (n)-[:SUMMARISED_BY]->(m)
  WITH n
  MATCH (run:Run {id: $run_id})
  CREATE (run)-[:PRODUCED]->(n)
  RETURN count(n) AS stored
}
RETURN stored > 0 AS stored
