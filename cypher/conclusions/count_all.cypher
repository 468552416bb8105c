// Counts the conclusions of all workspaces, living and retired.
// access: read
// returns: one
// scope: global
MATCH (n:Conclusion)
WHERE n.id > ''
RETURN count(n) AS total
