// Counts the messages of all workspaces.
// access: read
// returns: one
// scope: global
MATCH (m:Message)
WHERE m.id IS NOT NULL
RETURN count(m) AS total
