// Counts what each of some perspectives holds, up to a limit.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, perspectives, limit
UNWIND $perspectives AS perspective
CALL (perspective) {
  MATCH (n:Held {perspective: perspective})
  WHERE n.workspace_id = $workspace_id AND n.created_at IS NOT NULL
  WITH n LIMIT $limit
  RETURN count(n) AS total
}
RETURN perspective AS perspective, total AS total
