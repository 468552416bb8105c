// Lists what the peers of a session hold about themselves from it, as far as an observer that came later does not hold it
// yet; what clients stated only if so asked. A copy that something newer replaced, or that was merged, is no gap.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, session_id, peer_id, stated, limit
MATCH (speaker:Peer)-[:MEMBER_OF]->(:Session {workspace_id: $workspace_id, id: $session_id})
WHERE NOT speaker:Scope AND speaker.id <> $peer_id
WITH speaker, $workspace_id + '/' + speaker.id + '/' + speaker.id AS own
MATCH (o:Held {perspective: own})
WHERE o.created_at IS NOT NULL AND o.session_id = $session_id AND o.level = 'explicit'
  AND ($stated OR EXISTS { (o)-[:DERIVED_FROM]->(:Message) })
  AND NOT EXISTS {
    MATCH (c:Conclusion)-[:COPIED_FROM]->(o)
    WHERE c.observer_id = $peer_id AND c.times_derived >= o.times_derived
      AND (c:Held OR c.retired_because IN ['superseded', 'merged'])
  }
WITH o ORDER BY o.created_at LIMIT $limit
RETURN o.id AS id, o.observed_id AS observed_id, o.content_key AS content_key
