// Lists what a perspective holds most firmly: patterns first, then what was concluded more than once.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, perspective, limit
MATCH (n:Held {perspective: $perspective})
WHERE n.workspace_id = $workspace_id AND n.created_at IS NOT NULL AND n.times_derived >= 2
RETURN n.content AS content
ORDER BY n.level = 'inductive' DESC, n.times_derived DESC, n.observed_at DESC, n.id
LIMIT $limit
