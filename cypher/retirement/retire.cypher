// Retires one living conclusion: it stays where it is but is recalled no more.
// access: write
// returns: maybe
// scope: workspace
// parameters: workspace_id, conclusion_id, now
MATCH (c:Conclusion {id: $conclusion_id})
WHERE c.workspace_id = $workspace_id
// The write takes the lock, so of two that retire at once only one still finds the label.
SET c.retired_at = coalesce(c.retired_at, $now)
WITH c WHERE c:Held
REMOVE c:Held
WITH c
CALL (c) {
  MATCH (:Peer {workspace_id: $workspace_id, id: c.observer_id})
        -[view:VIEWS]->(:Peer {workspace_id: $workspace_id, id: c.observed_id})
  SET view.conclusions = view.conclusions - 1, view.updated_at = $now
}
RETURN c.id AS id
