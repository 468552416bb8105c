// Reads the vectors of conclusions.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, ids
UNWIND $ids AS id
MATCH (c:Conclusion {id: id})
WHERE c.workspace_id = $workspace_id AND c.embedding IS NOT NULL
RETURN c.id AS id, c.embedding AS vector
