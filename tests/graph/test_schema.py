"""Migrations run once however many processes start, and a database from the future is refused."""

import asyncio

import pytest

from cypher.migrations import migrations, statements
from graph import schema
from graph.driver import Database
from graph.errors import EmbeddingMismatch, SchemaTooNew, StoreUnavailable


async def test_many_processes_at_once_apply_each_migration_once(database: Database) -> None:
    await database.schema_statement("MATCH (m:Migration) DELETE m")
    with pytest.raises(StoreUnavailable, match="doxa migrate"):
        await schema.check(database)

    applied = await asyncio.gather(*(schema.migrate(database) for _ in range(6)))

    assert sorted(version for versions in applied for version in versions) == [step.version for step in migrations()]
    await schema.check(database)
    assert await schema.migrate(database) == []


async def test_the_lock_is_kept_for_as_long_as_its_holder_lives_and_no_longer(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "LOCK_SECONDS", 3.0)
    one, other = (schema._locked(database) for _ in range(2))  # pyright: ignore[reportPrivateUsage] -- no way to it that ends as late as a test needs
    async with one:
        waiting = asyncio.ensure_future(other.__aenter__())
        done, _ = await asyncio.wait((waiting,), timeout=5.0)
        assert not done, "taken from a holder that lives"
    await waiting
    await other.__aexit__(None, None, None)
    until = "datetime() + duration('PT3S')"
    await database.schema_statement(f"MATCH (s:Schema) SET s.lock_token = 'of a killed one', s.lock_until = {until}")
    async with asyncio.timeout(60), schema._locked(database):  # pyright: ignore[reportPrivateUsage] -- as above
        pass


async def test_a_newer_database_is_refused(database: Database) -> None:
    await database.schema_statement("CREATE (:Migration {version: 9999, name: 'tomorrow', checksum: 'x'})")
    try:
        for start in (schema.migrate, schema.check):
            with pytest.raises(SchemaTooNew, match="9999"):
                await start(database)
    finally:
        await database.schema_statement("MATCH (m:Migration {version: 9999}) DELETE m")


async def test_a_changed_migration_is_refused(database: Database) -> None:
    await database.schema_statement("MATCH (m:Migration {version: 1}) SET m.kept = m.checksum, m.checksum = 'x'")
    try:
        with pytest.raises(SchemaTooNew, match="0001"):
            await schema.check(database)
    finally:
        await database.schema_statement("MATCH (m:Migration {version: 1}) SET m.checksum = m.kept REMOVE m.kept")


async def test_vectors_of_another_embedder_stop_the_start_with_the_command_that_helps(database: Database) -> None:
    with pytest.raises(EmbeddingMismatch, match="doxa reembed"):
        await schema.use_embedder(database, "another", 384)
    with pytest.raises(EmbeddingMismatch, match="doxa reembed"):
        await schema.use_embedder(database, "minilm-l6-v2-int8", 256)


def test_statements_are_split_at_semicolons_that_end_a_line() -> None:
    assert statements("// one; two\nA; B\n;\nC;\n\n// end\n") == ("A; B", "C")
