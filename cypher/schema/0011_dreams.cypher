// The dreams whose idle time runs: each sweep asks which of them has run out.
CREATE INDEX view_dream_due IF NOT EXISTS FOR ()-[view:VIEWS]-() ON (view.dream_due_at);
// What dreams said last, in a workspace: an erasure takes it away.
CREATE INDEX work_reported IF NOT EXISTS FOR (n:Work) ON (n.workspace_id, n.reported_at);
