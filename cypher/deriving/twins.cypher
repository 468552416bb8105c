// Finds, for premises of one observer, what stands for each in the perspectives of all who view the same peer: the same
// text at the same level, held or merged into what is held. The observer's own premises come along.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, premise_ids
UNWIND $premise_ids AS premise_id
MATCH (p:Conclusion {id: premise_id})
WHERE p.workspace_id = $workspace_id
MATCH (p)-[:MERGED_INTO*0..8]->(own:Held)
// What was merged into it says the same: others may have heard only that.
CALL (own) {
  MATCH (own)<-[:MERGED_INTO*0..4]-(alias:Conclusion)
  RETURN alias ORDER BY alias.created_at DESC LIMIT 20
}
MATCH (observed:Peer {workspace_id: $workspace_id, id: own.observed_id})
CALL (own, alias, observed) {
  RETURN own AS twin
  UNION
  MATCH (observer:Peer)-[:VIEWS]->(observed)
  WHERE observer.id <> own.observer_id
  MATCH (twin:Held {
    perspective: $workspace_id + '/' + observer.id + '/' + observed.id, content_key: alias.content_key
  })
  RETURN twin
  UNION
  MATCH (alias)-[:DERIVED_FROM]->(m:Message)
  WITH alias, own, m ORDER BY m.created_at DESC LIMIT 5
  MATCH (m)<-[:DERIVED_FROM]-(other:Conclusion {content_key: alias.content_key})-[:MERGED_INTO*1..8]->(twin:Held)
  WHERE other.observed_id = own.observed_id AND other.observer_id <> own.observer_id
  RETURN twin
}
RETURN DISTINCT
  premise_id AS premise_id, twin.id AS id, twin.observer_id AS observer_id, twin.observed_id AS observed_id,
  twin.level AS level, twin.created_at AS created_at, twin.observed_at AS observed_at
