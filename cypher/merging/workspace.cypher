// Tells the workspace of a conclusion, living or retired.
// access: read
// returns: maybe
// scope: global
// parameters: conclusion_id
MATCH (n:Conclusion {id: $conclusion_id})
RETURN n.workspace_id AS workspace_id
