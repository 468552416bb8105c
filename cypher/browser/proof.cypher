// Why a conclusion is held: its premises, down to the messages and those who sent them.
// In the Browser, set the parameters first, for instance: :param workspace_id => 'demo'
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, conclusion_id
MATCH (c:Conclusion {id: $conclusion_id})
WHERE c.workspace_id = $workspace_id
MATCH proof = (c)-[:DERIVED_FROM*1..8]->(:Message)<-[:SENT]-(:Peer)
RETURN proof
LIMIT 200
