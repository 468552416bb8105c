// The most often concluded of a perspective, newest first among equals, are read in index order: most are concluded once,
// so an index that ends at the count leaves a whole perspective to be sorted.
CREATE INDEX held_standing IF NOT EXISTS FOR (n:Held) ON (n.perspective, n.times_derived, n.created_at);
DROP INDEX held_frequency IF EXISTS;
