// What was stored under a key that a client repeats its request with, until the key expires.
CREATE CONSTRAINT idempotency_key IF NOT EXISTS
FOR (n:IdempotencyKey) REQUIRE (n.workspace_id, n.route, n.key) IS UNIQUE;
CREATE INDEX idempotency_expires IF NOT EXISTS FOR (n:IdempotencyKey) ON (n.expires_at);
