// Deletes messages with their vectors, and the summaries of their sessions, which are made anew of what is left.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, ids
UNWIND $ids AS id
MATCH (m:Message|Retracted {id: id})
WHERE m.workspace_id = $workspace_id
OPTIONAL MATCH (piece:Piece)-[:PIECE_OF]->(m)
WITH m, collect(piece) AS pieces
FOREACH (piece IN pieces | DETACH DELETE piece)
WITH m.session_id AS session_id, collect(m) AS gone, sum(size(pieces)) AS pieces,
     sum(CASE WHEN m:Message THEN 1 ELSE 0 END) AS seen
FOREACH (m IN gone | DETACH DELETE m)
WITH session_id, size(gone) AS messages, pieces, seen
CALL (session_id, seen) {
  MATCH (s:Session {workspace_id: $workspace_id, id: session_id})
  SET s.hidden = coalesce(s.hidden, 0) + seen
  WITH s
  MATCH (s)-[:SUMMARISED_BY]->(n:Summary)
  WITH collect(n) AS summaries, any(one IN collect(s.is_active) WHERE one) AS summed
  FOREACH (n IN summaries | DETACH DELETE n)
  RETURN size(summaries) AS summaries, summed
}
RETURN
  sum(messages) AS messages, sum(pieces) AS pieces, sum(summaries) AS summaries,
  collect(DISTINCT CASE WHEN summed THEN session_id END) AS session_ids
