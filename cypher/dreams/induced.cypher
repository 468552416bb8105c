// Lists what a perspective holds by induction, each with the conclusions it rests on.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, perspective
MATCH (n:Held {perspective: $perspective})
WHERE n.workspace_id = $workspace_id AND n.created_at IS NOT NULL AND n.level = 'inductive'
RETURN n.content_key AS content_key, [(n)-[:DERIVED_FROM]->(premise:Conclusion) | premise.id] AS premise_ids
