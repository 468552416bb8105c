// Lists conclusions of all workspaces in the order of their ids, living and retired, to embed them anew.
// access: read
// returns: many
// scope: global
// parameters: after, limit
MATCH (n:Conclusion)
WHERE n.id > $after
RETURN n.id AS id, n.content AS content
ORDER BY n.id
LIMIT $limit
