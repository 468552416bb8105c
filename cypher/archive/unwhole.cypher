// Counts what contradicts itself in a workspace; all but the first column must be 0: conclusions that rest on a message
// that is still to be reasoned over (ahead), or were derived more often than there are messages under them (miscounted);
// sessions with gaps that are not counted (gaps); messages without author or session (strangers), or neither reasoned over nor due (forgotten).
// access: read
// returns: one
// scope: workspace
// parameters: workspace_id
MATCH (w:Workspace {id: $workspace_id})
CALL (w) {
  MATCH (c:Held {workspace_id: w.id})
  WHERE c.created_at IS NOT NULL AND c.level = 'explicit' AND c.content_key <> c.id
  RETURN
    count(c) AS conclusions,
    sum(CASE WHEN EXISTS {
      MATCH (c)-[:DERIVED_FROM]->(m:Message)
      MATCH (u:Work {key: 'reasoning/' + m.workspace_id + '/' + m.session_id + '/' + m.peer_id})
      WHERE m.seq > u.cursor
    } OR EXISTS {
      MATCH (c)-[:DERIVED_FROM]->(m:Message)
      WHERE NOT EXISTS { MATCH (:Work {key: 'reasoning/' + m.workspace_id + '/' + m.session_id + '/' + m.peer_id}) }
    } THEN 1 ELSE 0 END) AS ahead,
    sum(CASE WHEN c.times_derived <= COUNT { (c)-[:DERIVED_FROM]->(:Message|Retracted) } THEN 0 ELSE 1 END) AS miscounted
}
CALL (w) {
  MATCH (s:Session {workspace_id: w.id})
  WHERE s.created_at IS NOT NULL
  CALL (s) {
    MATCH (m:Message {workspace_id: s.workspace_id, session_id: s.id})
    WHERE m.seq > 0
    OPTIONAL MATCH (u:Work {key: 'reasoning/' + m.workspace_id + '/' + m.session_id + '/' + m.peer_id})
    RETURN
      count(m) AS messages, coalesce(max(m.seq), 0) AS last_seq,
      sum(CASE WHEN EXISTS { (:Peer)-[:SENT]->(m)-[:IN_SESSION]->(s) } THEN 0 ELSE 1 END) AS lonely,
      sum(CASE
        WHEN m.observer_ids IS NULL OR m.seq <= u.cursor OR u.due_at IS NOT NULL OR u.dead_at IS NOT NULL THEN 0
        ELSE 1
      END) AS lost
  }
  RETURN
    sum(CASE WHEN messages + coalesce(s.hidden, 0) = s.seq AND last_seq <= s.seq THEN 0 ELSE 1 END) AS gaps, sum(lonely) AS strangers,
    sum(lost) AS forgotten
}
RETURN
  conclusions AS conclusions, ahead AS ahead, miscounted AS miscounted, gaps AS gaps, strangers AS strangers,
  forgotten AS forgotten
