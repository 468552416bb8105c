// Sums up what the runs of a workspace took between two moments, by step and model.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, since, until
MATCH (r:Run {workspace_id: $workspace_id})
USING INDEX r:Run(workspace_id, started_at)
WHERE r.started_at >= $since AND r.started_at < $until
WITH
  r.step AS step, r.model AS model, r.outcome AS outcome, r.prompt_tokens AS prompt_tokens,
  r.completion_tokens AS completion_tokens, r.cost AS cost,
  // Runs of before calls were counted made one for each batch.
  coalesce(r.calls, CASE WHEN r.prompt_tokens > 0 THEN 1 ELSE 0 END) AS calls
RETURN
  step, model, count(*) AS runs, sum(calls) AS calls, sum(CASE outcome WHEN 'failed' THEN 1 ELSE 0 END) AS failed,
  sum(prompt_tokens) AS prompt_tokens, sum(completion_tokens) AS completion_tokens,
  CASE WHEN count(cost) = 0 THEN null ELSE sum(cost) END AS cost
ORDER BY step, model
