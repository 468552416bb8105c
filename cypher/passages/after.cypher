// Lists messages of all workspaces in the order of their ids, to embed them anew.
// access: read
// returns: many
// scope: global
// parameters: after, limit
MATCH (m:Message)
WHERE m.id > $after
RETURN m.id AS id, m.peer_id AS peer_id, m.content AS content, m.created_at AS created_at
ORDER BY m.id
LIMIT $limit
