"""Laying out a perspective: what is held, what it rests on, what rests on it, and what was there at the last dream."""

from datetime import timedelta

from graph.driver import Database
from graph.store import dreams
from graph.store.landscape import Clash, lay_out
from graph.store.retirement import retire
from tests.graph.concluding import Fact, fills, tell
from tests.graph.conftest import NOON, vector
from tests.graph.holding import Held, derive, hold


async def test_a_perspective_is_laid_out_with_its_proofs_and_uses(database: Database, workspace_id: str) -> None:
    base, other, gone = await hold(
        database, *(Held(content=str(n), workspace_id=workspace_id, minutes=n) for n in range(3))
    )
    above = await hold(
        database,
        *(Held(content=f"a{n}", workspace_id=workspace_id, level="deductive", minutes=5 + n) for n in range(3)),
    )
    await hold(database, Held(content="elsewhere", workspace_id=workspace_id, observer_id="bob"))
    for number, each in enumerate(above):
        await derive(database, each, [base], f"run-{number}")
    await derive(database, above[0], [other], "another")
    await retire(database, workspace_id, gone)
    await retire(database, workspace_id, above[2])
    since = NOON + timedelta(minutes=5)
    await database.write(lambda tx: dreams.dreamed(tx, workspace_id, "ann", "ann", since, [other]))

    nodes = (await lay_out(database, workspace_id, "ann", "ann")).nodes

    shown = {node.id: (node.derivations, node.used, node.fresh) for node in nodes}
    assert shown == {base: (0, 2, False), other: (0, 1, True), above[0]: (2, 0, False), above[1]: (1, 0, True)}
    assert [node.id for node in nodes] == [base, other, above[0], above[1]]
    assert set(nodes[2].premise_ids) == {base, other} and len(nodes[0].vector) == 384
    assert (await lay_out(database, workspace_id, "ann", "nobody")).nodes == []


async def test_contradictions_are_laid_out_once_and_say_whether_a_side_gained_a_source(
    database: Database, workspace_id: str
) -> None:
    def lives(town: str) -> Fact:
        return Fact(content=f"ann lives in {town}.", said_at=NOON, filled=fills("lives_in", town), vector=vector(1.0))

    # Said at the same moment in two sessions: neither is newer.
    await tell(database, workspace_id, lives("Hull"))
    await tell(database, workspace_id, lives("Leeds"), session_id="t")
    (clash,) = (await lay_out(database, workspace_id, "ann", "ann")).clashes
    sides = {node.content: node.id for node in (await lay_out(database, workspace_id, "ann", "ann")).nodes}
    one, other = sorted((sides["ann lives in Hull."], sides["ann lives in Leeds."]))
    assert clash == Clash(one_id=one, other_id=other, at=clash.at, gained=False)

    await tell(database, workspace_id, lives("Leeds"), session_id="t")

    assert (await lay_out(database, workspace_id, "ann", "ann")).clashes == [
        Clash(one_id=one, other_id=other, at=clash.at, gained=True)
    ]
