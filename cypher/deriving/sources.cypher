// Lists the messages that conclusions rest on, however deep, as far as everything between stands; of very many some. What
// a client stated is a source of its own.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, conclusion_ids, limit
UNWIND $conclusion_ids AS conclusion_id
MATCH (c:Conclusion {id: conclusion_id})
WHERE c.workspace_id = $workspace_id
RETURN
  c.id AS id,
  COLLECT {
    MATCH (c) (()-[:DERIVED_FROM|MERGED_INTO]->(x:Conclusion WHERE x:Held OR x.retired_because = 'merged')){0,10} (d)
          -[:DERIVED_FROM]->(m:Message)
    WITH DISTINCT m LIMIT $limit
    RETURN {id: m.id, speaker_id: m.peer_id, session_id: m.session_id}
  } + COLLECT {
    MATCH (c) (()-[:DERIVED_FROM|MERGED_INTO]->(x:Conclusion WHERE x:Held OR x.retired_because = 'merged')){0,10} (d)
    WHERE d:Held AND NOT EXISTS { (d)-[:DERIVED_FROM]->() }
    WITH DISTINCT d LIMIT $limit
    RETURN {id: d.id, speaker_id: '', session_id: d.session_id}
  } AS sources
