"""Dreaming over a perspective: patterns, each on its proof, and the card."""

import pytest

from app.engine.neo4j import Neo4jServer
from graph.query import Predicate
from graph.recall.recipes import REPRESENTATION
from graph.recall.representation import Asked as Recall
from graph.recall.representation import representation
from graph.store import cards, conclusions, dreams, peers, sessions, work, workspaces
from graph.store.dreams import Asked, Kind
from graph.store.retirement import retire
from graph.store.sessions import SessionChange
from graph.types import Conclusion, PageRequest
from tests.graph.holding import Held, hold
from tests.graph.looking import unsound
from tests.invariants import assert_sound
from tests.workers.conftest import Serve
from workers.service import Service
from workers.unit import do


async def _dream(
    service: Service,
    workspace_id: str,
    kind: Kind = "omni",
    *,
    rebuild: bool = False,
    session_id: str | None = None,
    observer_id: str = "ann",
) -> None:
    await workspaces.get_or_create(service.database, workspace_id, metadata={}, configuration={})
    asked = Asked(kind=kind, rebuild=rebuild, session_id=session_id)
    (wake,) = await dreams.schedule(service.database, workspace_id, observer_id, "ann", asked)
    await do(service, wake.key)
    assert wake.key not in await work.due(service.database)


async def _patterns(service: Service, workspace_id: str) -> list[Conclusion]:
    page = await conclusions.page(service.database, workspace_id, Predicate(), PageRequest(size=100, reverse=True))
    return [one for one in page.items if one.level == "inductive"]


async def _card(service: Service, workspace_id: str) -> list[str] | None:
    return await cards.get(service.database, workspace_id, "ann", "ann")


async def _said(service: Service, workspace_id: str, *said: tuple[str, str | None], first: int = 0) -> list[str]:
    """What ann holds about herself: texts with their sessions, in order of time."""
    return await hold(
        service.database,
        *(
            Held(content=content, workspace_id=workspace_id, session_id=session_id, minutes=first + minutes)
            for minutes, (content, session_id) in enumerate(said)
        ),
    )


async def test_what_is_said_in_two_sessions_is_a_pattern_on_its_proof(
    serve: Serve, neo4j_server: Neo4jServer, workspace_id: str
) -> None:
    service = await serve()
    ids = await _said(
        service,
        workspace_id,
        ("ann likes tea.", "s1"),
        ("Ann  likes TEA.", "s2"),
        ("ann plays jazz.", "s1"),
        ("ann plays jazz.", "s1"),
        ("ann has a dog.", "s1"),
        ("ann has a dog.", None),
    )

    await _dream(service, workspace_id)

    (pattern,) = await _patterns(service, workspace_id)
    assert sorted(pattern.source_ids) == sorted(ids[:2])
    assert (pattern.content, pattern.session_id, pattern.times_derived) == ("Ann  likes TEA.", None, 2)
    assert (pattern.observer_id, pattern.observed_id) == ("ann", "ann")
    assert list(pattern.source_message_ids) == []
    assert await unsound(neo4j_server, workspace_id) == 0
    await assert_sound(service.database, workspace_id)


async def test_a_pattern_is_shown_with_how_sure_it_is(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    await _said(service, workspace_id, ("ann likes tea.", "s1"), ("ann likes tea.", "s2"))
    await _dream(service, workspace_id)

    asked = Recall(
        observer_id="ann",
        observed_id="ann",
        recipe=REPRESENTATION,
        max_conclusions=25,
        include_most_frequent=False,
    )
    shown = (await representation(service.database, workspace_id, asked)).text
    assert "**Pattern** [low]: ann likes tea." in shown


async def test_dreaming_again_adds_nothing_and_a_further_source_is_one_more_premise(
    serve: Serve, workspace_id: str
) -> None:
    service = await serve()
    await _said(service, workspace_id, ("ann likes tea.", "s1"), ("ann likes tea.", "s2"))
    await _dream(service, workspace_id)
    (before,) = await _patterns(service, workspace_id)

    await _dream(service, workspace_id)
    assert await _patterns(service, workspace_id) == [before]
    (third,) = await _said(service, workspace_id, ("ann likes tea.", "s3"), first=9)
    await _dream(service, workspace_id)

    (after,) = await _patterns(service, workspace_id)
    assert (after.id, set(after.source_ids)) == (before.id, {*before.source_ids, third})
    assert (after.times_derived, after.observed_at > before.observed_at) == (3, True)


async def test_a_retired_source_is_no_premise(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    ids = await _said(service, workspace_id, ("ann likes tea.", "s1"), ("ann likes tea.", "s2"))
    await retire(service.database, workspace_id, ids[0])

    await _dream(service, workspace_id)

    assert await _patterns(service, workspace_id) == []


async def test_a_dream_stays_in_its_perspective_and_workspace(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    other = f"{workspace_id}-2"
    for each in (workspace_id, other):
        await _said(service, each, ("ann likes tea.", "s1"))
    await _said(service, other, ("ann likes tea.", "s2"))
    await hold(
        service.database,
        Held(content="ann likes tea.", workspace_id=workspace_id, observer_id="bob", session_id="s2"),
    )

    await _dream(service, workspace_id)
    await _dream(service, workspace_id, observer_id="bob")

    assert await _patterns(service, workspace_id) == await _patterns(service, other) == []


async def test_the_card_holds_what_is_held_most_firmly(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    await _said(service, workspace_id, ("ann likes tea.", "s1"), ("ann likes tea.", "s2"), ("ann sings.", "s1"))
    often = Held(content="ann plays jazz.", workspace_id=workspace_id, times_derived=7)
    await hold(service.database, often)

    await _dream(service, workspace_id, "card_refresh")
    assert await _card(service, workspace_id) == ["ATTRIBUTE: ann plays jazz."]
    assert await _patterns(service, workspace_id) == [], "a refresh of the card touches no conclusions"
    await _dream(service, workspace_id)

    assert await _card(service, workspace_id) == ["ATTRIBUTE: ann likes tea.", "ATTRIBUTE: ann plays jazz."]


async def test_a_card_that_a_caller_set_is_only_rebuilt_when_asked(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    await cards.put(service.database, workspace_id, "ann", "ann", ["set by hand"])
    await hold(service.database, Held(content="ann plays jazz.", workspace_id=workspace_id, times_derived=2))

    await _dream(service, workspace_id, "card_refresh")
    await _dream(service, workspace_id)
    assert await _card(service, workspace_id) == ["set by hand"]
    await _dream(service, workspace_id, "card_refresh", rebuild=True)

    assert await _card(service, workspace_id) == ["ATTRIBUTE: ann plays jazz."]


async def test_a_card_that_a_dream_wrote_goes_with_what_it_rests_on(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    given = Held(content="ann plays jazz.", workspace_id=workspace_id, times_derived=2)
    (held,) = await hold(service.database, given)
    await _dream(service, workspace_id, "card_refresh")
    await retire(service.database, workspace_id, held)

    await _dream(service, workspace_id, "card_refresh")

    assert await _card(service, workspace_id) is None


@pytest.mark.parametrize("level", ["workspace", "peer", "session", "deployment"])
async def test_configuration_forbids_dreams(serve: Serve, workspace_id: str, level: str) -> None:
    off: dict[str, object] = {"dream": {"enabled": False}}
    service = await serve(**({"DOXA_DREAM_ENABLED": "false"} if level == "deployment" else {}))
    if level == "workspace":
        await workspaces.upsert(service.database, workspace_id, metadata=None, configuration=off)
    if level == "peer":
        await peers.get_or_create(service.database, workspace_id, "ann", metadata=None, configuration=off)
    if level == "session":
        await sessions.get_or_create(service.database, workspace_id, "s1", SessionChange(configuration=off))
    await _said(service, workspace_id, ("ann likes tea.", "s1"), ("ann likes tea.", "s2"))

    await _dream(service, workspace_id, session_id="s1")

    assert await _patterns(service, workspace_id) == []
    assert await _card(service, workspace_id) is None


async def test_configuration_forbids_cards_alone(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    off: dict[str, object] = {"peer_card": {"create": False}}
    await workspaces.upsert(service.database, workspace_id, metadata=None, configuration=off)
    await _said(service, workspace_id, ("ann likes tea.", "s1"), ("ann likes tea.", "s2"))

    await _dream(service, workspace_id)
    await _dream(service, workspace_id, "card_refresh", rebuild=True)

    assert len(await _patterns(service, workspace_id)) == 1
    assert await _card(service, workspace_id) is None


async def test_a_dream_of_what_nobody_holds_changes_nothing(serve: Serve, workspace_id: str) -> None:
    service = await serve()

    await _dream(service, workspace_id, observer_id="nobody")

    assert await _patterns(service, workspace_id) == []
    status = await work.status(service.database, workspace_id)
    assert (status.overall.completed, status.overall.total) == (1, 1)
