// A scope is a hidden peer with one more label, which lists of scopes are read by.
CREATE INDEX scope_created IF NOT EXISTS FOR (n:Scope) ON (n.workspace_id, n.created_at);

CREATE CONSTRAINT webhook_id IF NOT EXISTS FOR (n:Webhook) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT webhook_url IF NOT EXISTS FOR (n:Webhook) REQUIRE (n.workspace_id, n.url) IS UNIQUE;
CREATE INDEX webhook_created IF NOT EXISTS FOR (n:Webhook) ON (n.workspace_id, n.created_at);
