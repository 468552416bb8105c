"""Representations on the real engine: what each branch finds, and what no branch may ever show."""

import math
import re
from collections.abc import Sequence
from datetime import timedelta

import pytest

from graph.driver import Database, Transaction
from graph.errors import NotFound
from graph.queries import recall as queries
from graph.query import P, Predicate, Query, R
from graph.recall.recipes import PEER_CONTEXT
from graph.recall.representation import Asked, Representation, represent, representation
from graph.store.conclusions import EXACT_BELOW
from graph.store.retirement import retire
from tests.graph.conftest import NOON, vector
from tests.graph.holding import Held, derive, hold


def ask(
    *,
    observer_id: str = "ann",
    observed_id: str = "ann",
    most: int = 100,
    frequent: bool = False,
    near: Sequence[float] | None = None,
    top_k: int | None = None,
    max_distance: float | None = None,
    session_ids: Sequence[str] | None = None,
) -> Asked:
    return Asked(
        observer_id=observer_id,
        observed_id=observed_id,
        recipe=PEER_CONTEXT,
        max_conclusions=most,
        include_most_frequent=frequent,
        vector=near,
        top_k=top_k,
        max_distance=max_distance,
        session_ids=session_ids,
    )


def texts(found: Representation) -> set[str]:
    return {one.conclusion.content for one in found.recalled}


def reasons(found: Representation) -> dict[str, list[str]]:
    return {one.conclusion.content: [reason.branch for reason in one.reasons] for one in found.recalled}


def turned(degrees: float) -> list[float]:
    """A unit vector at this angle from `vector(1.0)`."""
    return vector(math.cos(math.radians(degrees)), math.sin(math.radians(degrees)))


async def fill(database: Database, workspace_id: str, name: str, number: int, observer_id: str = "ann") -> None:
    """A crowd of conclusions, each a quarter of a degree further from `vector(1.0)`."""
    crowd = [
        Held(content=f"{name} {n}", workspace_id=workspace_id, observer_id=observer_id, vector=turned(n / 4), minutes=n)
        for n in range(number)
    ]
    await hold(database, *crowd)


async def test_without_a_search_the_newest_come_back(database: Database, workspace_id: str) -> None:
    await hold(database, *(Held(content=f"fact {n}", workspace_id=workspace_id, minutes=n) for n in range(5)))

    found = await representation(database, workspace_id, ask(most=2))

    assert texts(found) == {"fact 3", "fact 4"}
    assert found.text.splitlines()[2:] == ["[2026-05-04 12:03:00] fact 3", "[2026-05-04 12:04:00] fact 4"]


async def test_the_most_often_concluded_get_half_the_places_and_the_newest_the_rest(
    database: Database, workspace_id: str
) -> None:
    often = [Held(content=f"often {n}", workspace_id=workspace_id, minutes=n, times_derived=5) for n in range(3)]
    once = [Held(content=f"once {n}", workspace_id=workspace_id, minutes=10 + n) for n in range(3)]
    await hold(database, *often, *once)

    found = await representation(database, workspace_id, ask(most=4, frequent=True))

    assert reasons(found) == {
        "often 2": ["frequent"],
        "often 1": ["frequent"],
        "once 2": ["recent"],
        "once 1": ["recent"],
    }


async def test_a_search_brings_the_nearest_although_they_are_old(database: Database, workspace_id: str) -> None:
    await hold(
        database,
        Held(content="near", workspace_id=workspace_id, vector=turned(5)),
        Held(content="nearer", workspace_id=workspace_id, vector=turned(1)),
        Held(content="far", workspace_id=workspace_id, vector=turned(90)),
        *(Held(content=f"new {n}", workspace_id=workspace_id, vector=turned(80), minutes=1 + n) for n in range(9)),
    )

    found = await representation(database, workspace_id, ask(most=6, near=vector(1.0)))

    assert texts(found) == {"near", "nearer", "new 5", "new 6", "new 7", "new 8"}
    first = found.recalled[0]
    assert first.conclusion.content == "nearer"
    assert first.reasons[0].distance == pytest.approx(1 - math.cos(math.radians(1)), abs=1e-5)


async def test_the_largest_distance_limits_the_search_but_not_the_newest(database: Database, workspace_id: str) -> None:
    await hold(
        database,
        Held(content="near", workspace_id=workspace_id, vector=turned(10)),
        Held(content="far", workspace_id=workspace_id, vector=turned(70)),
        Held(content="new", workspace_id=workspace_id, vector=turned(90), minutes=1),
    )

    found = await representation(database, workspace_id, ask(most=3, near=vector(1.0), top_k=2, max_distance=0.5))

    assert reasons(found) == {"near": ["semantic"], "new": ["recent"]}


async def test_what_two_branches_find_is_not_made_up_for(database: Database, workspace_id: str) -> None:
    await hold(
        database,
        *(Held(content=f"fact {n}", workspace_id=workspace_id, minutes=n, times_derived=1 + n) for n in range(6)),
    )

    found = await representation(database, workspace_id, ask(most=4, frequent=True))

    assert reasons(found) == {"fact 5": ["frequent", "recent"], "fact 4": ["frequent", "recent"]}


async def test_of_equally_frequent_ones_the_newer_come_first(database: Database, workspace_id: str) -> None:
    equal = [Held(content=f"fact {n}", workspace_id=workspace_id, minutes=n, times_derived=3) for n in range(5)]
    await hold(database, *equal, Held(content="once", workspace_id=workspace_id, minutes=9))

    found = await representation(database, workspace_id, ask(most=2, frequent=True))

    assert reasons(found) == {"fact 4": ["frequent"], "once": ["recent"]}


async def test_an_allowlist_recalls_explicit_conclusions_of_its_sessions_alone(
    database: Database, workspace_id: str
) -> None:
    await hold(
        database,
        Held(content="said in one", workspace_id=workspace_id, session_id="one"),
        Held(content="said in two", workspace_id=workspace_id, session_id="two"),
        Held(content="said in three", workspace_id=workspace_id, session_id="three", times_derived=9),
        Held(content="said nowhere", workspace_id=workspace_id, session_id=None),
        Held(content="derived", workspace_id=workspace_id, session_id="one", level="deductive", times_derived=9),
    )

    for near in (None, vector(1.0)):
        allowed = ask(frequent=True, near=near, session_ids=["one", "two"])
        assert texts(await representation(database, workspace_id, allowed)) == {"said in one", "said in two"}
        nothing = ask(frequent=True, near=near, session_ids=[])
        assert await representation(database, workspace_id, nothing) == Representation("", ())


async def test_an_allowlist_holds_in_a_large_perspective_too(database: Database, workspace_id: str) -> None:
    await fill(database, workspace_id, "fact", EXACT_BELOW + 20)
    await hold(database, Held(content="elsewhere", workspace_id=workspace_id, session_id="two", vector=turned(170)))

    found = await representation(
        database, workspace_id, ask(frequent=True, near=vector(1.0), most=9, session_ids=["two"])
    )

    assert texts(found) == {"elsewhere"}


async def test_what_is_retired_is_recalled_by_no_branch_and_is_no_premise(
    database: Database, workspace_id: str
) -> None:
    ids = await hold(
        database,
        Held(content="gone", workspace_id=workspace_id, times_derived=9, minutes=9),
        Held(content="kept", workspace_id=workspace_id),
        Held(content="so", workspace_id=workspace_id, level="deductive"),
    )
    for place in (0, 1):
        await derive(database, ids[2], [ids[place]], f"run {place}")
    await retire(database, workspace_id, ids[0])

    found = await representation(database, workspace_id, ask(frequent=True, near=vector(1.0)))

    assert texts(found) == {"kept", "so"}
    assert found.text.endswith("so\n    Premises:\n    - kept")


async def test_a_conclusion_is_retired_once_and_only_in_its_own_workspace(
    database: Database, workspace_id: str
) -> None:
    (conclusion_id,) = await hold(database, Held(content="gone", workspace_id=workspace_id))

    with pytest.raises(NotFound):
        await retire(database, workspace_id + "-other", conclusion_id)
    await retire(database, workspace_id, conclusion_id)

    with pytest.raises(NotFound):
        await retire(database, workspace_id, conclusion_id)


async def test_the_same_names_in_another_workspace_or_perspective_show_nothing_of_their_own(
    database: Database, workspace_id: str
) -> None:
    other = workspace_id + "-other"
    pairs = [("ann", "ann"), ("ann", "bob"), ("bob", "ann"), ("bob", "bob")]
    everything = [
        Held(content=f"{w}: {observer} of {observed}", workspace_id=w, observer_id=observer, observed_id=observed)
        for w in (workspace_id, other)
        for observer, observed in pairs
    ]
    await hold(database, *everything)

    for w in (workspace_id, other):
        for observer, observed in pairs:
            for near in (None, vector(1.0)):
                asked = ask(observer_id=observer, observed_id=observed, frequent=True, near=near)
                assert texts(await representation(database, w, asked)) == {f"{w}: {observer} of {observed}"}


async def test_large_perspectives_do_not_see_into_one_another_through_the_index(
    database: Database, workspace_id: str
) -> None:
    other, number = workspace_id + "-other", EXACT_BELOW + 20
    await fill(database, workspace_id, "mine", number)
    await fill(database, workspace_id, "bob's", number, observer_id="bob")
    await fill(database, other, "theirs", number)

    found = await representation(database, workspace_id, ask(near=vector(1.0), top_k=10, most=10))

    assert [one.conclusion.content for one in found.recalled] == [f"mine {n}" for n in range(10)]


async def test_premises_from_another_perspective_are_not_shown(database: Database, workspace_id: str) -> None:
    ids = await hold(
        database,
        Held(content="so", workspace_id=workspace_id, level="deductive"),
        Held(content="a secret of bob's", workspace_id=workspace_id, observer_id="bob"),
    )
    await derive(database, ids[0], ids[1:])

    found = await representation(database, workspace_id, ask())

    assert "secret" not in found.text


async def test_an_unknown_perspective_holds_nothing(database: Database, workspace_id: str) -> None:
    asked = ask(observer_id="nobody", near=vector(1.0), frequent=True)

    assert await representation(database, workspace_id, asked) == Representation("", [])


async def test_names_with_a_slash_reach_no_perspective(database: Database, workspace_id: str) -> None:
    await hold(database, Held(content="a secret", workspace_id=workspace_id, observer_id="ann", observed_id="bob"))

    for observer_id, observed_id in (("ann/bob", ""), ("", "ann/bob"), ("ann/bob", "bob")):
        found = await representation(database, workspace_id, ask(observer_id=observer_id, observed_id=observed_id))
        assert found.text == ""


async def test_a_representation_takes_at_most_three_queries(database: Database, workspace_id: str) -> None:
    await fill(database, workspace_id, "fact", EXACT_BELOW + 1)
    ran: list[str] = []

    class Counted(Transaction):
        async def many(self, query: Query[P, R], parameters: P, where: Predicate | None = None) -> list[R]:
            ran.append(query.name)
            return await super().many(query, parameters, where)

    async def work(tx: Transaction) -> Representation:
        counted = Counted(tx._inner)  # pyright: ignore[reportPrivateUsage] -- stands in for the transaction
        return await represent(counted, workspace_id, ask(near=vector(1.0), frequent=True))

    await database.read(work)

    assert ran == ["conclusions/size", "recall/nearest", "recall/standing"]


async def test_the_standing_branches_read_in_index_order_and_sort_no_perspective(database: Database) -> None:
    parameters = {"workspace_id": "w", "perspective": "w/a/a", "session_ids": None, "frequent": 1, "recent": 1}

    plan = await database.explain(queries.STANDING.statement(), parameters)

    names = [name for name, _ in plan.operators]
    assert "Sort" not in names
    assert "Top" not in names
    indexes = {re.sub(r".*Held(\([^)]*\)).*", r"\1", detail) for name, detail in plan.operators if "Seek" in name}
    assert indexes == {"(perspective, times_derived, created_at)", "(perspective, created_at)"}


@pytest.mark.unsound
async def test_what_has_lost_its_vector_is_not_found_by_a_search_but_is_still_recalled(
    database: Database, workspace_id: str
) -> None:
    await hold(
        database, Held(content="blind", workspace_id=workspace_id), Held(content="seen", workspace_id=workspace_id)
    )
    lost = "MATCH (c:Held {workspace_id: $w, content: 'blind'}) WHERE c.created_at IS NOT NULL REMOVE c.embedding"
    await database.schema_statement(lost, {"w": workspace_id})

    found = await representation(database, workspace_id, ask(near=vector(1.0), most=4, top_k=2))

    assert reasons(found) == {"seen": ["semantic", "recent"], "blind": ["recent"]}


async def test_times_of_a_conclusion_come_back_as_stored(database: Database, workspace_id: str) -> None:
    past = timedelta(days=-30_000, microseconds=123_457)
    minutes = past / timedelta(minutes=1)
    await hold(database, Held(content="fact", workspace_id=workspace_id, minutes=minutes))

    (one,) = (await representation(database, workspace_id, ask())).recalled

    assert one.conclusion.observed_at == one.conclusion.created_at == NOON + timedelta(minutes=minutes)
    assert one.conclusion.about_at is None
    assert one.conclusion.workspace_id == workspace_id
