"""Whoever listens besides costs no call and no token of a model."""

from app.engine.neo4j import Neo4jServer
from tests.bench.observers import measure


async def test_calls_and_tokens_are_the_same_however_many_observe(neo4j_server: Neo4jServer) -> None:
    server = {
        "NEO4J_URI": neo4j_server.uri,
        "NEO4J_USERNAME": neo4j_server.user,
        "NEO4J_PASSWORD": neo4j_server.password,
    }

    one, many = await measure(server, (1, 10), 24)

    assert one.calls["reasoning"] > 0 and one.calls["derivation"] > 0
    assert (many.calls, many.tokens) == (one.calls, one.tokens)
    # Each of the others holds what the one does; those who talk hold their own.
    assert many.conclusions == one.conclusions // 2 * 11
