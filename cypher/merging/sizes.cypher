// Counts what each of some perspectives holds outright from one session, up to a limit.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, session_id, perspectives, limit
UNWIND $perspectives AS perspective
CALL (perspective) {
  MATCH (n:Held {perspective: perspective, session_id: $session_id})
  WHERE n.workspace_id = $workspace_id AND n.level = 'explicit'
  WITH n LIMIT $limit
  RETURN count(n) AS total
}
RETURN perspective AS perspective, total AS total
