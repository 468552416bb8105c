// The runs of a workspace in the order of time: what it used between two moments.
CREATE INDEX run_started IF NOT EXISTS FOR (n:Run) ON (n.workspace_id, n.started_at);
