// Tells what an active session's summaries are due to cover, as it was frozen when the messages came, and what they cover.
// access: read
// returns: maybe
// scope: workspace
// parameters: workspace_id, session_id
MATCH (s:Session {workspace_id: $workspace_id, id: $session_id})
WHERE s.is_active
RETURN
  coalesce(s.short_due, 0) AS short_due, coalesce(s.short_span, 0) AS short_span,
  coalesce(s.long_due, 0) AS long_due, coalesce(s.long_span, 0) AS long_span,
  s.summary_instructions AS instructions,
  COLLECT {
    MATCH (s)-[:SUMMARISED_BY]->(n:Summary)
    RETURN {id: n.id, kind: n.kind, seq: n.seq, content: n.content, token_count: n.token_count}
  } AS summaries
