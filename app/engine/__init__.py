"""The local engine: Neo4j, Redis, the API and the workers as processes of this machine, with no container."""
