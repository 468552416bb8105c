// Locks a unit and makes sure that the lease on it is still held; extends it. Where another batch begins, the traces
// that led to what was asked meanwhile are handed out, once.
// access: write
// returns: maybe
// scope: global
// parameters: key, token, now, until, batch
MATCH (w:Work {key: $key})
SET w.touched_at = $now
WITH w
WHERE w.lease_token = $token
WITH w, CASE WHEN $batch THEN coalesce(w.led_by, []) ELSE [] END AS led_by
SET w.lease_until = $until, w.led_by = CASE WHEN $batch THEN null ELSE w.led_by END
RETURN
  w.key AS key, w.kind AS kind, w.lease_token AS token, w.workspace_id AS workspace_id,
  coalesce(w.session_id, '') AS session_id, coalesce(w.peer_id, '') AS peer_id,
  coalesce(w.observer_id, '') AS observer_id, coalesce(w.detail, '{}') AS detail, w.cursor AS cursor, w.last_seq AS last_seq, w.attempts AS attempts,
  coalesce(w.strikes, 0) AS strikes, led_by AS led_by
