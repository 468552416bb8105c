// A session as it was talked, and what its members concluded from each message about its author.
// In the Browser, set the parameters first, for instance: :param workspace_id => 'demo'
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, session_id
MATCH (m:Message {workspace_id: $workspace_id, session_id: $session_id})
WHERE m.seq > 0
WITH m ORDER BY m.seq LIMIT 100
MATCH said = (:Peer)-[:SENT]->(m)
OPTIONAL MATCH concluded = (m)<-[:DERIVED_FROM]-(:Held)<-[:HOLDS]-(:Peer)
RETURN said, concluded
