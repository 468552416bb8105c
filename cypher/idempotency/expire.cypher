// Removes keys that have expired, and tells how many.
// access: write
// returns: one
// scope: global
// parameters: now, limit
MATCH (k:IdempotencyKey)
WHERE k.expires_at <= $now
WITH k
LIMIT $limit
SET k.claimed_at = $now
// Looked at again under the lock: it may have been taken anew while this waited for it.
WITH k.workspace_id AS workspace_id, k.route AS route, k.key AS key
MATCH (n:IdempotencyKey {workspace_id: workspace_id, route: route, key: key})
WHERE n.expires_at <= $now
DELETE n
RETURN count(*) AS total
