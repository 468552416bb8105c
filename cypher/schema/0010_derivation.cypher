// What a perspective holds that was not derived from yet.
CREATE INDEX held_unweighed IF NOT EXISTS FOR (n:Held) ON (n.perspective, n.unweighed);
