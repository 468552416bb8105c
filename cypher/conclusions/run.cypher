// Records one execution of a reasoning step.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, session_id, id, step, model, prompt_hash, prompt_tokens, completion_tokens, started_at, finished_at, outcome, dropped, calls, cost, fault
CREATE (:Run {
  id: $id, workspace_id: $workspace_id, session_id: $session_id, step: $step, model: $model, prompt_hash: $prompt_hash,
  prompt_tokens: $prompt_tokens, completion_tokens: $completion_tokens, started_at: $started_at,
  finished_at: $finished_at, outcome: $outcome, dropped: $dropped, calls: $calls,
  cost: $cost, fault: $fault
})
