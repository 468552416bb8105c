// Takes the lease of a unit that is due and that nobody holds. Where the holder before let its lease run out, that counts
// as a strike: a unit whose workers die one after the other must not go on for ever. The traces that led to it are
// handed out, once.
// access: write
// returns: maybe
// scope: global
// parameters: key, token, now, until
MATCH (w:Work {key: $key})
SET w.touched_at = $now
WITH w
WHERE w.due_at <= $now AND (w.lease_until IS NULL OR w.lease_until < $now)
WITH w, w.lease_token IS NOT NULL AS silent, coalesce(w.led_by, []) AS led_by
SET
  w.lease_token = $token, w.lease_until = $until, w.leased_at = $now, w.led_by = null,
  w.strikes = coalesce(w.strikes, 0) + CASE WHEN silent THEN 1 ELSE 0 END,
  w.last_error = CASE WHEN silent THEN 'the worker that held it fell silent' ELSE w.last_error END
RETURN
  w.key AS key, w.kind AS kind, w.lease_token AS token, w.workspace_id AS workspace_id,
  coalesce(w.session_id, '') AS session_id, coalesce(w.peer_id, '') AS peer_id,
  coalesce(w.observer_id, '') AS observer_id, coalesce(w.detail, '{}') AS detail, w.cursor AS cursor, w.last_seq AS last_seq, w.attempts AS attempts,
  coalesce(w.strikes, 0) AS strikes, led_by AS led_by
