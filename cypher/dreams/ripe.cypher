// Tells whether a peer's own perspective is ripe for a dream, and reads the configurations that decide whether it may be.
// access: read
// returns: maybe
// scope: workspace
// parameters: workspace_id, peer_id, perspective, session_id, unit_key, rested_at, least
MATCH (w:Workspace {id: $workspace_id})
MATCH (p:Peer {workspace_id: w.id, id: $peer_id})-[view:VIEWS]->(p)
OPTIONAL MATCH (s:Session {workspace_id: w.id, id: $session_id})
RETURN
  w.configuration AS workspace, coalesce(p.configuration, '{}') AS peer, coalesce(s.configuration, '{}') AS session,
  view.dream_due_at IS NOT NULL AS wound,
  CASE
    WHEN view.dreamed_at > $rested_at THEN false
    WHEN EXISTS { MATCH (d:Work {key: $unit_key}) WHERE d.due_at IS NOT NULL } THEN false
    ELSE size(COLLECT {
      MATCH (n:Held {perspective: $perspective})
      WHERE n.workspace_id = $workspace_id AND n.level = 'explicit'
        AND n.created_at > coalesce(view.dreamed_at, datetime({epochSeconds: 0}))
      RETURN 1 LIMIT $least
    }) >= $least
  END AS ripe
