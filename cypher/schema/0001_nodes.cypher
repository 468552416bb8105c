// Keys of all nodes, and the indexes that lists and queues are read by.
CREATE CONSTRAINT workspace_id IF NOT EXISTS FOR (n:Workspace) REQUIRE n.id IS UNIQUE;
CREATE INDEX workspace_created IF NOT EXISTS FOR (n:Workspace) ON (n.created_at);

CREATE CONSTRAINT peer_key IF NOT EXISTS FOR (n:Peer) REQUIRE (n.workspace_id, n.id) IS UNIQUE;
CREATE INDEX peer_created IF NOT EXISTS FOR (n:Peer) ON (n.workspace_id, n.created_at);

CREATE CONSTRAINT session_key IF NOT EXISTS FOR (n:Session) REQUIRE (n.workspace_id, n.id) IS UNIQUE;
CREATE INDEX session_created IF NOT EXISTS FOR (n:Session) ON (n.workspace_id, n.created_at);

CREATE CONSTRAINT message_id IF NOT EXISTS FOR (n:Message) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT message_seq IF NOT EXISTS FOR (n:Message) REQUIRE (n.workspace_id, n.session_id, n.seq) IS UNIQUE;

CREATE CONSTRAINT conclusion_id IF NOT EXISTS FOR (n:Conclusion) REQUIRE n.id IS UNIQUE;
// Only living conclusions carry the label Held: what is retired leaves these indexes, and the vector index, with it.
CREATE CONSTRAINT held_key IF NOT EXISTS FOR (n:Held) REQUIRE (n.perspective, n.content_key) IS UNIQUE;
CREATE INDEX held_created IF NOT EXISTS FOR (n:Held) ON (n.workspace_id, n.created_at);
CREATE INDEX held_perspective IF NOT EXISTS FOR (n:Held) ON (n.perspective, n.created_at);
CREATE INDEX held_frequency IF NOT EXISTS FOR (n:Held) ON (n.perspective, n.times_derived);

CREATE CONSTRAINT run_id IF NOT EXISTS FOR (n:Run) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT work_key IF NOT EXISTS FOR (n:Work) REQUIRE n.key IS UNIQUE;
// A unit with nothing pending has no due_at, so this index holds just what waits.
CREATE INDEX work_due IF NOT EXISTS FOR (n:Work) ON (n.due_at);
CREATE INDEX work_workspace IF NOT EXISTS FOR (n:Work) ON (n.workspace_id);
