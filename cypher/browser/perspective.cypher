// What one peer holds about another, and the messages it rests on, as a picture.
// In the Browser, set the parameters first, for instance: :param workspace_id => 'demo'
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, observer_id, observed_id
MATCH held = (:Peer {workspace_id: $workspace_id, id: $observer_id})-[:HOLDS]->(c:Held)
  -[:ABOUT]->(:Peer {workspace_id: $workspace_id, id: $observed_id})
OPTIONAL MATCH proof = (c)-[:DERIVED_FROM]->()
RETURN held, proof
LIMIT 200
