"""What rests on a message goes and comes with it, and nothing else; the rest of the graph does not raise the cost."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from app.engine.neo4j import Neo4jServer
from graph.driver import Database, Transaction
from graph.ids import new_id
from graph.query import Parameters, Predicate, Query, Row
from graph.store import conclusions, retraction, support, work
from graph.store.support import Settled, settle
from graph.types import Level, PageRequest
from tests.graph.looking import miscounted, rows
from tests.graph.proving import Model, Proof, id_of, write

_WITHDRAW = """
MATCH (c:Conclusion {id: $id}) WHERE c:Held
SET c.retired_at = datetime(), c.retired_because = 'withdrawn' REMOVE c:Held
WITH c MATCH (:Peer {workspace_id: $w, id: 'ann'})-[view:VIEWS]->() SET view.conclusions = view.conclusions - 1
"""

_LEVELS: tuple[Level, ...] = ("deductive", "inductive", "contradiction")


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[str], list[Proof]]:
    """Messages and conclusions; the premises of derived ones are any, later ones and themselves included."""
    messages = [f"m{place}" for place in range(draw(st.integers(1, 5)))]
    names = [f"c{place}" for place in range(draw(st.integers(1, 8)))]
    proofs: list[Proof] = []
    for place, name in enumerate(names):
        kind = draw(st.sampled_from(("explicit", "explicit", "stated", "merged", "derived", "derived", "derived")))
        said = draw(st.lists(st.sampled_from(messages), min_size=1, max_size=3, unique=True))
        explicit = [each.name for each in proofs if each.level == "explicit" and each.derivations]
        if kind == "stated":
            proofs.append(Proof(name=name))
        elif kind == "merged" and explicit:
            into = draw(st.sampled_from(explicit))
            proofs.append(Proof(name=name, derivations=[[each] for each in said], merged_into=into))
        elif kind == "derived":
            premises = st.lists(st.sampled_from([*messages, *names]), min_size=1, max_size=3, unique=True)
            derivations = draw(st.lists(premises, min_size=1, max_size=3))
            proofs.append(Proof(name=name, level=draw(st.sampled_from(_LEVELS)), derivations=derivations))
        else:
            merged = [each.name for each in proofs if each.merged_into]
            older = [each for each in names[:place] if each not in merged]
            replaced = draw(st.lists(st.sampled_from(older), max_size=1)) if older else []
            proofs.append(Proof(name=name, derivations=[[each] for each in said], supersedes=replaced))
    return messages, proofs


async def _living(database: Database, workspace_id: str) -> set[str]:
    page = await conclusions.page(database, workspace_id, Predicate(), PageRequest(size=100))
    return {each.content for each in page.items}


async def _settle(database: Database, workspace_id: str, *names: str) -> Settled:
    ids = [id_of(workspace_id, name) for name in names]
    return await database.write(lambda tx: settle(tx, workspace_id, ids, datetime.now(UTC)))


async def _retract(database: Database, workspace_id: str, message: str, *, gone: bool = True) -> Settled:
    change = retraction.retract if gone else retraction.restore
    return await change(database, workspace_id, "s", id_of(workspace_id, message))


@pytest.mark.timeout(600)  # a failure is shrunk with many more graphs
@settings(max_examples=15, deadline=None)
@given(data=st.data(), graph=graphs())
async def test_what_is_held_is_what_the_definition_says_whatever_is_retracted_restored_or_withdrawn(
    neo4j_server: Neo4jServer, database: Database, data: st.DataObject, graph: tuple[list[str], list[Proof]]
) -> None:
    said, proofs = graph
    workspace_id = f"w-{new_id()}"
    await write(database, workspace_id, said, proofs)
    retracted: set[str] = set()
    withdrawn: set[str] = set()
    await _settle(database, workspace_id, *(proof.name for proof in proofs))
    model = Model(proofs)
    before = model.held((), ())
    assert await _living(database, workspace_id) == before

    for _ in range(data.draw(st.integers(1, 5))):
        if data.draw(st.integers(0, 4)) == 0 and before:
            name = data.draw(st.sampled_from(sorted(before)))
            withdrawn.add(name)
            await database.schema_statement(_WITHDRAW, {"id": id_of(workspace_id, name), "w": workspace_id})
            settled = await _settle(database, workspace_id, name)
        else:
            name = data.draw(st.sampled_from(said))
            retracted ^= {name}
            settled = await _retract(database, workspace_id, name, gone=name in retracted)
        after = model.held(retracted, withdrawn)
        event("revived" if after - before else "retired" if before - after else "nothing changed")
        assert await _living(database, workspace_id) == after
        assert {id_of(workspace_id, each) for each in after - before} == set(settled.revived)
        assert {id_of(workspace_id, each) for each in before - after - withdrawn} == set(settled.retired)
        before = after
    assert await miscounted(neo4j_server, workspace_id) == []


async def test_a_long_chain_falls_and_comes_back_in_bounded_parts(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(support, "PART", 7)
    chain = [Proof(name="c0", derivations=[["m0"]])]
    chain += [Proof(name=f"c{place}", level="deductive", derivations=[[f"c{place - 1}"]]) for place in range(1, 40)]
    wide = [Proof(name=f"w{place}", level="deductive", derivations=[["c39"]]) for place in range(60)]
    apart = Proof(name="apart", derivations=[["m1"]])
    await write(database, workspace_id, ["m0", "m1"], [*chain, *wide, apart])

    fallen = await _retract(database, workspace_id, "m0")
    assert await _living(database, workspace_id) == {"apart"}
    back = await _retract(database, workspace_id, "m0", gone=False)

    assert len(fallen.retired) == len(back.revived) == 100
    assert len(await _living(database, workspace_id)) == 100
    assert await miscounted(neo4j_server, workspace_id) == []
    away = "MATCH (c:Conclusion {id: $id}) RETURN size(c.away_from), size(c.away_until), c.retired_at"
    assert await rows(neo4j_server, away, id=id_of(workspace_id, "w7")) == [[1, 1, None]]


@pytest.mark.unsound
async def test_conclusions_that_rest_on_each_other_alone_fall_together(database: Database, workspace_id: str) -> None:
    ring = [
        Proof(name="a", level="deductive", derivations=[["m"], ["b"]]),
        Proof(name="b", level="deductive", derivations=[["a"]]),
        Proof(name="self", level="deductive", derivations=[["self"], ["b"]]),
    ]
    await write(database, workspace_id, ["m"], ring)
    assert len((await _settle(database, workspace_id, "a", "b", "self")).retired) == 0

    assert len((await _retract(database, workspace_id, "m")).retired) == 3


async def test_one_that_replaces_its_own_premise_comes_to_an_end(database: Database, workspace_id: str) -> None:
    quarrel = [
        Proof(name="old", derivations=[["m"]]),
        Proof(name="new", level="deductive", derivations=[["old"]], supersedes=["old"]),
        Proof(name="apart", derivations=[["m"]]),
    ]
    await write(database, workspace_id, ["m"], quarrel)

    await _settle(database, workspace_id, "old", "new")

    assert await _living(database, workspace_id) == {"apart"}


async def test_what_was_replaced_stays_so_while_anything_newer_holds(database: Database, workspace_id: str) -> None:
    homes = [
        Proof(name="oslo", derivations=[["m0"]]),
        Proof(name="rome", derivations=[["m1"]], supersedes=["oslo"]),
        Proof(name="lima", derivations=[["m2"]], supersedes=["rome"]),
        Proof(name="in norway", level="deductive", derivations=[["oslo"]]),
    ]
    await write(database, workspace_id, ["m0", "m1", "m2"], homes)
    await _settle(database, workspace_id, "oslo", "rome", "lima")
    assert await _living(database, workspace_id) == {"lima"}

    await _retract(database, workspace_id, "m1")
    assert await _living(database, workspace_id) == {"lima"}
    await _retract(database, workspace_id, "m2")
    assert await _living(database, workspace_id) == {"oslo", "in norway"}
    await _retract(database, workspace_id, "m1", gone=False)
    assert await _living(database, workspace_id) == {"rome"}


async def test_one_that_comes_back_to_find_its_words_held_again_is_merged(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    await write(
        database,
        workspace_id,
        ["m0", "m1"],
        [
            Proof(name="first", derivations=[["m0"]], key="same"),
            Proof(name="rests", level="deductive", derivations=[["first"]]),
        ],
    )
    await _retract(database, workspace_id, "m0")
    await write(database, workspace_id, [], [Proof(name="again", derivations=[["m1"]], key="same")])

    await _retract(database, workspace_id, "m0", gone=False)
    assert await _living(database, workspace_id) == {"again", "rests"}
    await _retract(database, workspace_id, "m1")
    assert await _living(database, workspace_id) == {"again", "rests"}
    await _retract(database, workspace_id, "m0")

    assert await _living(database, workspace_id) == set()
    assert await miscounted(neo4j_server, workspace_id) == []


async def test_two_that_take_away_one_support_each_at_once_leave_nothing_held(
    database: Database, workspace_id: str
) -> None:
    places = range(8)
    both = [Proof(name=f"c{place}", derivations=[["m0"], ["m1"]]) for place in places]
    await write(database, workspace_id, ["m0", "m1"], both)

    await asyncio.gather(
        *(retraction.retract(database, workspace_id, "s", id_of(workspace_id, name)) for name in ("m0", "m1"))
    )

    assert await _living(database, workspace_id) == set()


async def test_what_falls_is_looked_at_again_once_for_each_perspective(database: Database, workspace_id: str) -> None:
    await write(database, workspace_id, ["m0", "m1"], [Proof(name=f"c{n}", derivations=[[f"m{n}"]]) for n in (0, 1)])
    key = support.second_look(workspace_id, "ann", "ann").key

    assert [wake.key for wake in (await _retract(database, workspace_id, "m0")).wakes] == [key]
    await _retract(database, workspace_id, "m1")

    held = await work.lease(database, key, 30)
    assert held is None or (held.kind, held.cursor) == ("dream", 0)


async def test_the_cost_does_not_depend_on_the_rest_of_the_graph(
    database: Database, workspace_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also prints the figures: `pytest -s -k cost_does_not_depend`."""
    planted = [
        Proof(name="c0", derivations=[["m0"]]),
        Proof(name="c1", derivations=[["m1"], ["m0"]]),
        Proof(name="d0", level="deductive", derivations=[["c0", "c1"]]),
        Proof(name="i0", level="inductive", derivations=[["c1", "d0"]]),
    ]
    await write(database, workspace_id, ["m0", "m1"], planted)
    asked: list[tuple[Query[Parameters, Row], Parameters]] = []
    many = Transaction.many

    async def noting(self: Transaction, query: Any, parameters: Any, where: Any = None) -> Any:
        if query.access == "read":
            asked.append((query, parameters))
        return await many(self, query, parameters, where)

    with monkeypatch.context() as noted:
        noted.setattr(Transaction, "many", noting)
        settled = await _retract(database, workspace_id, "m0")
        await _retract(database, workspace_id, "m0", gone=False)
    assert len(settled.retired) == 3
    touched: list[int] = []
    for size in (10, 1000):
        more = [f"r{size}-{place}" for place in range(size)]
        rest = [Proof(name=f"c-{name}", derivations=[[name]]) for name in more]
        rest += [Proof(name=f"d-{name}", level="deductive", derivations=[[f"c-{name}"]]) for name in more]
        await write(database, workspace_id, more, rest)
        touched.append(sum([await database.profile(query, parameters) for query, parameters in asked]))

    print("database hits at 1x and 100x:", touched)
    assert touched[1] <= 1.1 * touched[0]
