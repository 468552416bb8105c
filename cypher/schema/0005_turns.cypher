// What waits, by workspace: workspaces take turns, and each one's longest waiting unit comes first. A unit with nothing
// pending has no due_at, so this holds just what waits, however many units a workspace has had.
CREATE INDEX work_turn IF NOT EXISTS FOR (n:Work) ON (n.workspace_id, n.due_at);

// The dead letters of a workspace, and what was given up there by hand.
CREATE INDEX work_dead IF NOT EXISTS FOR (n:Work) ON (n.workspace_id, n.dead_at);
CREATE INDEX work_dropped IF NOT EXISTS FOR (n:Work) ON (n.workspace_id, n.dropped_at);
