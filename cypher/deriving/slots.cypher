// Lists what a perspective holds in some slots, the newest first, so many of each.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, perspective, slots, limit
UNWIND $slots AS slot
CALL (slot) {
  MATCH (n:Held {perspective: $perspective, slot: slot})
  WHERE n.workspace_id = $workspace_id
  RETURN n ORDER BY n.observed_at DESC, n.id LIMIT $limit
}
RETURN n.id AS id
