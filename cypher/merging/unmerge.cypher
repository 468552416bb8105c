// Takes a merged conclusion out of what it was merged into, with its count and with the messages that come through it
// alone, and lets it hold again.
// access: write
// returns: maybe
// scope: workspace
// parameters: workspace_id, conclusion_id, now
MATCH (c:Conclusion {id: $conclusion_id})
WHERE c.workspace_id = $workspace_id
// The write takes the lock, so of two that unmerge at once only one still finds the edge.
SET c.unmerged_at = $now
WITH c
MATCH (c)-[merged:MERGED_INTO]->(into:Conclusion)
WHERE c.retired_because = 'merged'
// Two living conclusions of one perspective never say the very same.
  AND NOT EXISTS { MATCH (:Held {perspective: c.perspective, content_key: c.content_key}) }
DELETE merged
SET
  c:Held, c.unweighed = toString($now),
  c.away_from = coalesce(c.away_from, []) + [c.retired_at], c.away_until = coalesce(c.away_until, []) + [$now],
  into.times_derived = into.times_derived - c.times_derived
REMOVE c.retired_at, c.retired_because
WITH c, into
CALL (c, into) {
  MATCH (into)-[through:DERIVED_FROM {via: c.id}]->(:Message)
  DELETE through
}
// A message of which another merged one speaks as well stays.
CALL (c, into) {
  MATCH (into)<-[:MERGED_INTO]-(other:Conclusion)-[proof:DERIVED_FROM]->(m:Message)
  WHERE other.id <> c.id
  MERGE (into)-[through:DERIVED_FROM]->(m)
  ON CREATE SET through.quote = proof.quote, through.support = m.id, through.at = proof.at, through.via = other.id
}
CALL (into) {
  OPTIONAL MATCH (into)-[:DERIVED_FROM]->(m:Message)
  WITH into, max(m.created_at) AS said_at
  SET into.observed_at = coalesce(said_at, into.observed_at)
}
CALL (c) {
  MATCH (observer:Peer {workspace_id: $workspace_id, id: c.observer_id})
  MATCH (observed:Peer {workspace_id: observer.workspace_id, id: c.observed_id})
  MATCH (observer)-[view:VIEWS]->(observed)
  SET view.conclusions = view.conclusions + 1, view.updated_at = $now
}
RETURN c.id AS id, into.id AS into_id
