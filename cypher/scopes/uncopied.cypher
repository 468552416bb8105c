// Lists what the peers of a session hold about themselves from it, as far as a scope does not hold it yet.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, session_id, peer_id, limit
MATCH (speaker:Peer)-[:MEMBER_OF]->(:Session {workspace_id: $workspace_id, id: $session_id})
WHERE NOT speaker:Scope
WITH speaker, $workspace_id + '/' + speaker.id + '/' + speaker.id AS own
MATCH (o:Held {perspective: own})
WHERE o.created_at IS NOT NULL AND o.session_id = $session_id AND o.level = 'explicit'
  AND NOT EXISTS {
    MATCH (c:Held)-[:COPIED_FROM]->(o)
    WHERE c.observer_id = $peer_id AND c.times_derived >= o.times_derived
  }
WITH o ORDER BY o.created_at LIMIT $limit
RETURN o.id AS id, o.observed_id AS observed_id, o.content_key AS content_key
