// Merges conclusions that are out of recall into living ones that say the same, which then rest on their premises too.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, conclusion_ids, now
UNWIND $conclusion_ids AS conclusion_id
MATCH (c:Conclusion {id: conclusion_id})
WHERE c.workspace_id = $workspace_id AND NOT c:Held
MATCH (twin:Held {perspective: c.perspective, content_key: c.content_key})
MERGE (c)-[merged:MERGED_INTO]->(twin)
ON CREATE SET merged.at = $now, merged.score = 1.0
SET c.retired_because = 'merged', c.retired_at = coalesce(c.retired_at, $now)
WITH c, twin
MATCH (c)-[proof:DERIVED_FROM]->(premise)
WITH c, twin, premise, proof.quote AS quote,
     coalesce(proof.support, CASE c.level WHEN 'explicit' THEN premise.id ELSE c.id END) AS support,
     EXISTS { MATCH ANY SHORTEST (premise)(()-[:DERIVED_FROM]->()){0,60}(twin) } AS circular
// A derivation goes over whole or not at all; what rests on the twin itself is no reason for it.
WITH c, twin, support, collect({premise: premise, quote: quote}) AS proofs, max(circular) AS circular
WHERE NOT circular
UNWIND proofs AS proof
WITH c, twin, support, proof.premise AS premise, proof.quote AS quote
MERGE (twin)-[same:DERIVED_FROM {support: support, via: c.id}]->(premise)
ON CREATE SET same.quote = quote
