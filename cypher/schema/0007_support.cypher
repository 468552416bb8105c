// What a perspective held at a time, the retired included, in the order it was learnt.
CREATE INDEX conclusion_perspective IF NOT EXISTS FOR (n:Conclusion) ON (n.perspective, n.created_at);
// What a session's deletion takes with it, and a workspace's runs.
CREATE INDEX conclusion_session IF NOT EXISTS FOR (n:Conclusion) ON (n.workspace_id, n.session_id);
CREATE INDEX run_workspace IF NOT EXISTS FOR (n:Run) ON (n.workspace_id);
CREATE INDEX run_session IF NOT EXISTS FOR (n:Run) ON (n.workspace_id, n.session_id);

// A message that was retracted keeps its words but is no Message any more, so no search, context or reasoning finds it.
CREATE CONSTRAINT retracted_id IF NOT EXISTS FOR (n:Retracted) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT retracted_seq IF NOT EXISTS FOR (n:Retracted) REQUIRE (n.workspace_id, n.session_id, n.seq) IS UNIQUE;

// What was erased, as counts: nothing of it.
CREATE CONSTRAINT receipt_id IF NOT EXISTS FOR (n:Receipt) REQUIRE n.id IS UNIQUE;
CREATE INDEX receipt_created IF NOT EXISTS FOR (n:Receipt) ON (n.workspace_id, n.created_at);
