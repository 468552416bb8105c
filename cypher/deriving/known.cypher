// Finds what perspectives know already that new texts say, living or retired: the very text, held or hanging on one of the
// premises, then what is held and fills the same slot with the same.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, rows
UNWIND $rows AS row
CALL (row) {
  MATCH (c:Held {perspective: row.perspective, content_key: row.content_key})
  RETURN c, 0 AS rank
  UNION
  UNWIND row.premise_ids AS premise_id
  MATCH (premise:Conclusion {id: premise_id})<-[:DERIVED_FROM]-(c:Conclusion)
  WHERE premise.workspace_id = $workspace_id
    AND c.perspective = row.perspective AND c.content_key = row.content_key
  RETURN c, 1 AS rank
  UNION
  MATCH (c:Held {perspective: row.perspective, slot: row.slot})
  WHERE c.slot_key = row.slot_key AND c.negated = row.negated AND c.level IN row.levels
  RETURN c, 2 AS rank
}
OPTIONAL MATCH (c)-[:MERGED_INTO*1..8]->(into:Held)
WITH row, c, min(rank) AS rank, head(collect(into)) AS into
RETURN
  row.place AS place, coalesce(into.id, c.id) AS id,
  CASE WHEN c:Held OR into IS NOT NULL THEN 'living' ELSE coalesce(c.retired_because, 'deleted') END AS state,
  COLLECT { MATCH (c)-[proof:DERIVED_FROM]->(p:Conclusion) RETURN {support: coalesce(proof.support, 'one'), id: p.id} }
  + COLLECT {
    MATCH (into)-[proof:DERIVED_FROM]->(p:Conclusion) RETURN {support: coalesce(proof.support, 'one'), id: p.id}
  } AS proofs
ORDER BY place, rank, c.created_at, id
