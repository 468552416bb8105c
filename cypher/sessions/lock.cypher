// Locks a session for a change and tells what it holds and who is in it.
// access: write
// returns: maybe
// scope: workspace
// parameters: workspace_id, session_id, now
MATCH (n:Session {workspace_id: $workspace_id, id: $session_id})
SET n.locked_at = $now
// One that was deleted while this waited for its lock is found as a node with nothing in it.
WITH n WHERE n.is_active IS NOT NULL
RETURN
  n.id AS id, n.uid AS uid, n.workspace_id AS workspace_id, n.is_active AS is_active, n.metadata AS metadata,
  n.configuration AS configuration, n.created_at AS created_at,
  COLLECT {
    MATCH (p:Peer)-[m:MEMBER_OF]->(n)
    WHERE m.left_at IS NULL AND NOT p.id STARTS WITH 'scope.'
    RETURN {id: p.id, observe_others: coalesce(m.observe_others, false)}
  } AS members
