// Reads all conclusions about a peer, living and retired, with all that ties them to others; vectors are read apart.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, peer_id
MATCH (:Peer {workspace_id: $workspace_id, id: $peer_id})<-[:ABOUT]-(c:Conclusion)
OPTIONAL MATCH (s:Session {workspace_id: c.workspace_id, id: c.session_id})
RETURN
  labels(c) AS labels, c {.*, embedding: null} AS properties, s.uid AS session_uid,
  COLLECT {
    MATCH (c)-[r]->(t)
    RETURN {type: type(r), labels: labels(t), id: t.id, properties: properties(r)}
  } AS outward,
  COLLECT {
    MATCH (c)<-[r]-(t)
    WHERE NOT t:Conclusion
    RETURN {type: type(r), labels: labels(t), id: t.id, properties: properties(r)}
  } AS inward
