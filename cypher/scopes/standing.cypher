// Tells whether a scope, or a peer that catches up, is in a session, and whether messages up to a place in it are being
// reasoned over.
// access: read
// returns: maybe
// scope: workspace
// parameters: workspace_id, session_id, peer_id, key_prefix, seq
MATCH (s:Session {workspace_id: $workspace_id, id: $session_id})<-[m:MEMBER_OF]-(observer)
WHERE s.is_active AND observer.id = $peer_id
RETURN
  m.left_at IS NULL AS member,
  EXISTS {
    MATCH (w:Work)
    WHERE w.key STARTS WITH $key_prefix AND w.lease_token IS NOT NULL AND w.cursor < $seq
  } AS busy
