// Adds what was erased to its receipt, as counts.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, receipt_id, kind, subject_hash, messages, conclusions, summaries, pieces, runs, cards, finished, now
MERGE (r:Receipt {id: $receipt_id})
ON CREATE SET
  r.workspace_id = $workspace_id, r.kind = $kind, r.subject_hash = $subject_hash, r.created_at = $now,
  r.messages = 0, r.conclusions = 0, r.summaries = 0, r.pieces = 0, r.runs = 0, r.cards = 0
SET
  r.messages = r.messages + $messages, r.conclusions = r.conclusions + $conclusions,
  r.summaries = r.summaries + $summaries, r.pieces = r.pieces + $pieces, r.runs = r.runs + $runs,
  r.cards = r.cards + $cards, r.finished_at = CASE WHEN $finished THEN $now ELSE r.finished_at END
