// The vector index over living conclusions. It is made for one embedder: its dimension cannot be changed, only rebuilt.
// Workspace, perspective, level and session are filtered inside the index, so no hit is lost to a filter after the top k.
CYPHER 25
CREATE VECTOR INDEX held_embedding IF NOT EXISTS FOR (n:Held) ON (n.embedding)
WITH [n.workspace_id, n.perspective, n.level, n.session_id] OPTIONS $options;
