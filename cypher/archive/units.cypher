// Lists units of work of all workspaces in the order of their keys, each with the session that it is about.
// access: read
// returns: many
// scope: global
// parameters: after, limit
MATCH (w:Work)
WHERE w.key > $after
WITH w ORDER BY w.key LIMIT $limit
OPTIONAL MATCH (s:Session {workspace_id: w.workspace_id, id: w.session_id})
RETURN w.key AS key, w.workspace_id AS workspace_id, w.kind AS kind, properties(w) AS properties, s.uid AS session_uid
