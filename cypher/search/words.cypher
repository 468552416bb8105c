// Finds messages by their words, best first. The index hands out `fetch` at most: all, where a filter may rule some out.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, query, fetch, limit
// slots: where
CALL db.index.fulltext.queryNodes('message_text', $query, {limit: $fetch}) YIELD node AS n, score
WITH n, score
// Words that the analyser passes over leave the scope alone to be found, and it scores nothing.
WHERE score > 0 AND n:Message AND n.workspace_id = $workspace_id AND {{where}}
RETURN n.id AS id, n.session_id AS session_id, n.seq AS seq, score AS score
LIMIT $limit
