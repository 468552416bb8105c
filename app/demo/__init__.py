"""The demonstration: a conversation that ships with the package, and what Doxa makes of it."""
