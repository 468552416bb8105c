// Drops the vector index before another embedder's is made.
DROP INDEX held_embedding IF EXISTS;
