// Locks a unit and makes sure that the lease on it is still held; extends it.
// access: write
// returns: maybe
// scope: global
// parameters: key, token, now, until
MATCH (w:Work {key: $key})
SET w.touched_at = $now
WITH w
WHERE w.lease_token = $token
SET w.lease_until = $until
RETURN
  w.key AS key, w.kind AS kind, w.lease_token AS token, w.workspace_id AS workspace_id,
  coalesce(w.session_id, '') AS session_id, coalesce(w.peer_id, '') AS peer_id,
  coalesce(w.observer_id, '') AS observer_id, coalesce(w.detail, '{}') AS detail, w.cursor AS cursor, w.last_seq AS last_seq, w.attempts AS attempts
