"""A story of two hundred messages leaves just what was planted in it, whoever reasons."""

from collections import Counter

import msgspec
import pytest

from app.engine.neo4j import Neo4jServer
from graph.store import dreams, erasing, retraction, work
from graph.store.correcting import correct
from tests.draining import drain
from tests.graph.looking import rows
from tests.invariants import assert_sound
from tests.story.expecting import difference, expected, held
from tests.story.reading import Reasoning, Said, Story
from tests.story.recalling import bare, cards_about, everything, recall, spoken
from tests.story.telling import Told
from workers.unit import do

REASONERS: tuple[Reasoning, ...] = ("rules", "model")


@pytest.fixture(params=REASONERS)
def told(request: pytest.FixtureRequest) -> Told:
    told = request.getfixturevalue(f"by_{request.param}")
    assert isinstance(told, Told)
    return told


def test_the_story_has_two_hundred_messages(story: Story) -> None:
    assert len(story.said) == 200


async def test_what_was_planted_is_held_with_its_proof_and_nothing_else_is(
    neo4j_server: Neo4jServer, told: Told
) -> None:
    found = await held(neo4j_server, told.workspace_id, told.names)

    wrong = difference(expected(told.story, told.reasoning), found)
    assert not wrong, "\n".join(wrong)
    await assert_sound(told.service.database, told.workspace_id)


async def test_what_a_gullible_model_believes_is_dropped_and_counted(neo4j_server: Neo4jServer, by_model: Told) -> None:
    claims = [("reasoning", lie.reason) for said in by_model.story.said for lie in said.refused]
    inferences = [("derivation", lie.reason) for lie in by_model.story.unfounded]
    assert len(set(claims)) >= 8 and len(set(inferences)) >= 6

    dropped: Counter[tuple[str, str]] = Counter()
    for step, counted in await rows(
        neo4j_server, "MATCH (r:Run {workspace_id: $w}) RETURN r.step, r.dropped", w=by_model.workspace_id
    ):
        for reason, count in msgspec.json.decode(str(counted), type=dict[str, int]).items():
            dropped[str(step), reason] += count

    assert dropped == Counter(claims + inferences)


async def test_taking_a_message_back_takes_just_what_rests_on_it_and_restoring_brings_it_back(told: Told) -> None:
    database, workspace_id = told.service.database, told.workspace_id
    whom = {
        node.text if node.level == "explicit" else f"{node.text} ({node.level})": node.subject
        for node in expected(told.story, told.reasoning)
    }
    changed = 0
    for change in told.story.changes:
        (said,) = [said for said in told.story.said if said.name == change.message]
        place = (database, workspace_id, told.sessions[said.name], told.ids[said.name])
        wanted = (change.of("-", told.reasoning), change.of("+", told.reasoning))
        subjects = {said.peer, *(whom[text] for _, text in (*wanted[0], *wanted[1]))}
        before, cards = await recall(told, *subjects), await cards_about(told, *subjects)
        assert said.text in await spoken(told, told.sessions[said.name])

        await retraction.retract(*place)

        without = await recall(told, *subjects)
        for way, known in before.items():
            moved = (known - without[way], without[way] - known)
            assert (change.message, way, *moved) == (change.message, way, *wanted)
        # What other conclusions say in the same words may stay on a card.
        lines = await cards_about(told, *subjects)
        gone = {(holder, bare(text)) for holder, text in wanted[0]}
        still = {(holder, bare(text)) for holder, text in without["listed"]}
        assert cards & (gone - still) <= cards - lines <= gone, change.message
        changed += cards != lines
        assert (await spoken(told, told.sessions[said.name])).count(said.text) == _times(told.story, said) - 1
        await assert_sound(database, workspace_id)

        await retraction.restore(*place)

        assert await recall(told, *subjects) == before
        assert await cards_about(told, *subjects) == cards
        await assert_sound(database, workspace_id)
    assert changed >= 5


async def test_dreaming_over_the_story_adds_nothing_that_was_not_planted(neo4j_server: Neo4jServer, told: Told) -> None:
    database, workspace_id = told.service.database, told.workspace_id
    before = await held(neo4j_server, workspace_id, told.names)
    for holder, subject in sorted({(node.holder, node.subject) for node in before}):
        await dreams.schedule(database, workspace_id, holder, subject, dreams.Asked(kind="omni"))

    await drain(told.service, workspace_id, skip={"embedding"})

    status = await work.status(database, workspace_id)
    assert status.overall.failed == 0
    wrong = difference(before, await held(neo4j_server, workspace_id, told.names))
    assert not wrong, "\n".join(wrong)
    await assert_sound(database, workspace_id)


async def test_what_is_corrected_or_erased_takes_with_it_what_rested_on_it_and_nothing_else(
    neo4j_server: Neo4jServer, until_the_garage: Told
) -> None:
    told = until_the_garage
    database, workspace_id = told.service.database, told.workspace_id
    others = {
        one for one in await held(neo4j_server, workspace_id, told.names) if "silas" not in {one.holder, one.subject}
    }
    before = await recall(told, "silas")
    (born,) = [
        one
        for one in await everything(told.service, workspace_id)
        if (one.observer_id, one.content) == ("tess", "silas was born in 1985.")
    ]
    words = "silas was born in 1979."
    (vector,) = await told.service.embedder.passages([words])

    await correct(database, workspace_id, born.id, words, vector)

    after = await recall(told, "silas")
    # She knows better than both that contradicted each other.
    gone = {
        ("tess", born.content),
        ("tess", "silas was born in 1991."),
        ("tess", "silas born on: 1985 / 1991 (contradiction)"),
    }
    for way, known in before.items():
        assert (way, known - after[way], after[way] - known) == (way, gone, {("tess", words)})
    await assert_sound(database, workspace_id)

    # Texts alone, and as a word: the fraction of a second of some time may read 1991 as well.
    everywhere = (
        "MATCH (n {workspace_id: $w}) "
        r"WHERE any(k IN keys(n) WHERE n[k] IS :: STRING AND n[k] =~ '(?s).*\\b1991\\b.*') RETURN n"
    )
    place = (database, workspace_id, told.sessions["born2"], told.ids["born2"])
    planned = await erasing.message(*place, dry_run=True)
    assert await recall(told, "silas") == after
    assert await rows(neo4j_server, everywhere, w=workspace_id)
    await erasing.message(*place, dry_run=False)

    rest = await recall(told, "silas")
    erased = {(holder, "silas was born in 1991.") for holder in ("silas", "bruno")}
    erased |= {("silas", "silas born on: 1985 / 1991 (contradiction)")}
    for way, known in after.items():
        assert (way, known - rest[way], rest[way] - known) == (way, erased, set())
    assert await rows(neo4j_server, everywhere, w=workspace_id) == []
    # The two at tess were retired when she knew better, and are erased all the same.
    assert len(planned.conclusion_ids) == 5
    await assert_sound(database, workspace_id)

    for wake in (await erasing.peer(database, workspace_id, "silas", dry_run=False)).wakes:
        await do(told.service, wake.key)

    found = await held(neo4j_server, workspace_id, told.names)
    wrong = difference(others, found)
    assert not wrong, "\n".join(wrong)
    await assert_sound(database, workspace_id)


def _times(story: Story, said: Said) -> int:
    """How often something is said in the session of a message."""
    return sum(
        other.text == said.text
        for session in {scene.session for scene in story.scenes if said in scene.steps}
        for scene in story.scenes
        if scene.session == session
        for other in scene.said
    )
