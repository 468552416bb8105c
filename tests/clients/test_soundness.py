"""A real conversation, written over HTTP and reasoned over by the workers, leaves a whole graph and nothing undone."""

from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from app.cli.imports import import_command
from graph.driver import connect
from graph.ids import new_id
from graph.store import conclusions
from tests.invariants import assert_sound
from tests.live import Live, eventually

pytestmark = [pytest.mark.client, pytest.mark.engine]

DEMO = Path(__file__).parents[2] / "app" / "demo" / "conversation.jsonl"
PUBLISHED = Path(__file__).parents[3] / "shared" / "data" / "locomo-dev.json"


@pytest.mark.parametrize("chat", [DEMO, PUBLISHED], ids=["own", "published"])
async def test_every_conclusion_has_a_holder_a_subject_a_source_a_run_and_a_vector(live_doxa: Live, chat: Path) -> None:
    if not chat.is_file():
        pytest.skip(f"{chat.name} is not here: its licence keeps it out of the repository")
    if live_doxa.engine is None:
        pytest.skip("the graph of a given Doxa cannot be looked into")
    workspace = f"sound-{new_id()}"
    arguments = [str(chat), "--workspace", workspace, "--url", live_doxa.url]
    done = CliRunner().invoke(import_command, arguments)
    assert done.exit_code == 0, done.output

    status = httpx.get(f"{live_doxa.url}/v3/workspaces/{workspace}/queue/status").raise_for_status().json()
    assert (status["pending_work_units"], status["in_progress_work_units"], status["failed_work_units"]) == (0, 0, 0)
    assert status["completed_work_units"] == status["total_work_units"] > 100

    neo4j = live_doxa.engine.status().neo4j
    assert neo4j is not None
    assert neo4j.password_file is not None
    database = connect(neo4j.uri, neo4j.user, Path(neo4j.password_file).read_text().strip())
    try:
        found = await conclusions.soundness(database)
        await assert_sound(database)
    finally:
        await database.close()
    assert found.conclusions > 50
    faults = (found.without_holder, found.without_subject, found.without_source, found.without_run)
    assert (*faults, found.without_vector) == (0, 0, 0, 0, 0)


def test_a_short_chat_is_reasoned_over_without_being_flushed(live_doxa: Live) -> None:
    base = f"{live_doxa.url}/v3/workspaces/quick-{new_id()}"
    for content in ("Hi there!", "I live in Porto.", "I have two cats."):
        said = {"messages": [{"peer_id": "ana", "content": content}]}
        httpx.post(f"{base}/sessions/s/messages", json=said, timeout=60).raise_for_status()

    def reasoned() -> bool:
        found = httpx.post(f"{base}/conclusions/list", json={}, timeout=60).raise_for_status().json()
        return found["total"] == 2

    # How long it takes is for the bench to say; this limit only ends a test that would never end.
    eventually(reasoned, "both facts are concluded", 60)
