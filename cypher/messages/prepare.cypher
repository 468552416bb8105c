// Locks a session for writing and tells what a batch of messages needs to know of it, of its authors and its observers.
// access: write
// returns: maybe
// scope: workspace
// parameters: workspace_id, session_id, author_ids, now
MATCH (s:Session {workspace_id: $workspace_id, id: $session_id})
SET s.locked_at = $now
// One that was deleted while this waited for its lock is found as a node with nothing in it.
WITH s WHERE s.is_active IS NOT NULL
MATCH (w:Workspace {id: $workspace_id})
RETURN
  s.is_active AND w.purging_at IS NULL AS is_active,
  s.seq AS seq,
  s.configuration AS session_configuration,
  w.configuration AS workspace_configuration,
  COLLECT {
    MATCH (o:Peer)-[m:MEMBER_OF]->(s)
    WHERE m.left_at IS NULL AND m.observe_others = true
    RETURN o.id ORDER BY o.id
  } AS observer_ids,
  COLLECT {
    UNWIND $author_ids AS author_id
    MATCH (p:Peer {workspace_id: $workspace_id, id: author_id})
    OPTIONAL MATCH (p)-[m:MEMBER_OF]->(s)
    RETURN {
      id: p.id,
      active: m IS NOT NULL AND m.left_at IS NULL,
      erasing: p.erasing_at IS NOT NULL,
      configuration: p.configuration,
      observe_me: coalesce(CASE WHEN m.left_at IS NULL THEN m.observe_me END, p.observe_me, true)
    }
  } AS authors
