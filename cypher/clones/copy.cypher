// Copies a stretch of a session's messages with their numbers and vectors. They are said now, in their order, and nothing
// is concluded from them. `ids` are their new ids; `search_scopes` are the terms they are searched by, for each author.
// access: write
// returns: maybe
// scope: workspace
// parameters: workspace_id, session_id, clone_id, after, until, last, with_vectors, ids, search_scopes, now
MATCH (t:Session {workspace_id: $workspace_id, id: $clone_id})
WHERE t.is_active = false
SET t.seq = $until
WITH t
CALL (t) {
  MATCH (m:Message {workspace_id: t.workspace_id, session_id: $session_id})
  WHERE m.seq > $after AND m.seq <= $until
  MATCH (p:Peer)-[:SENT]->(m)
  CREATE (n:Message {
    id: $ids[m.seq - $after - 1], workspace_id: $workspace_id, session_id: $clone_id, seq: m.seq, peer_id: m.peer_id,
    content: m.content, token_count: m.token_count, metadata: m.metadata, metadata_terms: m.metadata_terms,
    created_at: $now - duration({microseconds: $last - m.seq}), configuration: m.configuration,
    search_scope: $search_scopes[m.peer_id], search_text: m.search_text
  })
  CREATE (p)-[:SENT]->(n)
  CREATE (n)-[:IN_SESSION]->(t)
  WITH m, n
  WHERE $with_vectors AND m:Passage
  SET n:Passage
  WITH m, n
  CALL db.create.setNodeVectorProperty(n, 'embedding', m.embedding)
}
RETURN t.id AS id
