// Lists what a perspective holds in some slots that name other peers.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, perspective, slots, limit
UNWIND $slots AS slot
MATCH (n:Held {perspective: $perspective, slot: slot})
WHERE n.workspace_id = $workspace_id AND n.negated = false AND n.lasting <> 'occasion'
WITH n ORDER BY n.observed_at DESC, n.id
LIMIT $limit
RETURN
  n.id AS id, n.slot AS slot, n.slot_value AS value, n.observed_at AS observed_at, n.unweighed AS token
ORDER BY observed_at, id
