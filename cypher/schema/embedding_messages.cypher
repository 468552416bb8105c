// The vector index over what was said: a message, or each piece of a long one. Made for one embedder, as held_embedding is.
CYPHER 25
CREATE VECTOR INDEX passage_embedding IF NOT EXISTS FOR (n:Passage) ON (n.embedding)
WITH [n.workspace_id, n.session_id, n.peer_id] OPTIONS $options;
