// Stores messages at the end of a locked session, and records them as pending for units of work: a unit that
// was idle becomes due, a full one at once. Each keeps the trace that led to it: of more than 16 the newest.
// access: write
// returns: many
// scope: workspace
// parameters: workspace_id, session_id, seq, due, messages, units, now, full_tokens, led_by
MATCH (s:Session {workspace_id: $workspace_id, id: $session_id})
SET s.seq = $seq, s += $due
WITH s
CALL (s) {
  UNWIND $messages AS row
  MATCH (p:Peer {workspace_id: $workspace_id, id: row.peer_id})
  CREATE (m:Message {
    id: row.id, workspace_id: $workspace_id, session_id: $session_id, seq: row.seq, peer_id: row.peer_id,
    content: row.content, token_count: row.token_count, metadata: row.metadata, metadata_terms: row.metadata_terms,
    created_at: row.created_at, configuration: row.configuration, observer_ids: row.observer_ids,
    instructions: row.instructions, search_scope: row.search_scope, search_text: row.search_text
  })
  CREATE (p)-[:SENT]->(m)
  CREATE (m)-[:IN_SESSION]->(s)
}
WITH s
UNWIND $units AS unit
MERGE (w:Work {key: unit.key})
ON CREATE SET
  w.kind = unit.kind, w.workspace_id = $workspace_id, w.session_id = $session_id, w.peer_id = unit.peer_id,
  w.cursor = 0, w.attempts = 0, w.completed = 0, w.pending = 0, w.pending_tokens = 0, w.created_at = $now
SET w.touched_at = $now
WITH w, unit, w.due_at IS NULL AS idle
SET
  // One that counts requests, not messages, must see this one too.
  w.last_seq = CASE WHEN unit.last_seq IS NULL THEN coalesce(w.last_seq, 0) + unit.messages WHEN unit.last_seq > coalesce(w.last_seq, 0) THEN unit.last_seq ELSE w.last_seq + 1 END,
  w.pending = w.pending + unit.messages,
  w.pending_tokens = w.pending_tokens + unit.tokens,
  w.pending_since = coalesce(w.pending_since, $now),
  w.dead_at = null
WITH w, unit, idle, w.pending_tokens >= $full_tokens AND coalesce(w.attempts, 0) = 0 AS full
SET w.due_at = CASE
  WHEN full AND (idle OR w.due_at > $now) THEN $now
  WHEN idle THEN unit.due_at
  ELSE w.due_at
END
FOREACH (led IN $led_by | SET w.led_by = [known IN coalesce(w.led_by, []) WHERE known <> led][-15..] + led)
RETURN w.key AS key, idle OR full AS wake, w.due_at AS due_at
