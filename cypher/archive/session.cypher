// Reads a session that is in use, who is or was in it, and its summaries.
// access: read
// returns: maybe
// scope: workspace
// parameters: workspace_id, session_id
MATCH (s:Session {workspace_id: $workspace_id, id: $session_id})
WHERE s.is_active
WITH s, COLLECT {
  MATCH (s)-[r:SUMMARISED_BY]->(n:Summary)
  RETURN {
    type: type(r), edge: properties(r), labels: labels(n), properties: properties(n),
    outward: COLLECT {
      MATCH (n)-[out]->(t)
      RETURN {type: type(out), labels: labels(t), id: t.id, properties: properties(out)}
    },
    inward: COLLECT {
      MATCH (n)<-[into]-(t)
      WHERE NOT t:Session
      RETURN {type: type(into), labels: labels(t), id: t.id, properties: properties(into)}
    }
  }
} AS summaries
RETURN
  s.uid AS uid, s.seq AS seq, labels(s) AS labels, properties(s) AS properties, summaries AS summaries,
  COLLECT {
    MATCH (p:Peer)-[r]->(s)
    RETURN {type: type(r), labels: labels(p), id: p.id, properties: properties(r)}
    ORDER BY p.id
  } AS inward
