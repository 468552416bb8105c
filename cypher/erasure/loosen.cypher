// Takes from conclusions that stay the derivations that conclusions and messages to be erased have a part in, whole; and
// tells which stay.
// access: write
// returns: many
// scope: workspace
// parameters: workspace_id, ids, conclusion_ids
UNWIND $ids AS id
MATCH (x:Conclusion|Message|Retracted {id: id})
WHERE x.workspace_id = $workspace_id
MATCH (d:Conclusion)-[broken:DERIVED_FROM]->(x)
WHERE NOT d.id IN $conclusion_ids
WITH DISTINCT d, CASE d.level WHEN 'explicit' THEN x.id ELSE coalesce(broken.support, 'one') END AS support
MATCH (d)-[proof:DERIVED_FROM]->(y)
WHERE support = CASE d.level WHEN 'explicit' THEN y.id ELSE coalesce(proof.support, 'one') END
WITH d, collect(proof) AS proofs
FOREACH (proof IN proofs | DELETE proof)
SET d.times_derived = CASE
  WHEN d.level = 'explicit' AND d.times_derived > size(proofs) THEN d.times_derived - size(proofs)
  ELSE 1
END
RETURN d.id AS id
