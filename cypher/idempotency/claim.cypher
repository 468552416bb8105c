// Takes a key for a write, or tells what was stored under it; one that has expired is taken anew.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, route, key, digest, ids, now, expires_at
MERGE (k:IdempotencyKey {workspace_id: $workspace_id, route: $route, key: $key})
ON CREATE SET k.created_at = $now, k.digest = $digest, k.ids = $ids, k.expires_at = $expires_at
// The lock: whoever repeats the request meanwhile waits for this write, and then finds what it stored.
SET k.claimed_at = $now
WITH k
FOREACH (old IN CASE WHEN k.expires_at <= $now THEN [k] ELSE [] END |
  SET old.created_at = $now, old.digest = $digest, old.ids = $ids, old.expires_at = $expires_at
)
WITH k
RETURN k.digest AS digest, k.ids AS ids
