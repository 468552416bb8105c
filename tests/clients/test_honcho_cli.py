"""The published command line, unmodified: every command that it registers, as a process."""

from collections.abc import Generator
from pathlib import Path

import httpx
import pytest

from graph.ids import new_id
from tests.clients.cli import reading, writing
from tests.clients.cli.prepared import Prepared
from tests.clients.cli.terminal import COMMAND, Step, Terminal, registered
from tests.live import Live

#: What no scenario runs, and why.
NOT_APPLICABLE = {
    "start": "runs the reference server's images with Docker Compose",
    "stop": "stops what `start` runs",
    "status": "asks Docker about what `start` runs",
    "install": "writes the settings of other programs on the machine; asks the service nothing",
}


@pytest.fixture(scope="module")
def honcho() -> Generator[Prepared]:
    with Prepared(COMMAND, "honcho_cli") as prepared:
        yield prepared


@pytest.fixture(scope="module")
def told(live_doxa: Live, honcho: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """A terminal in a workspace whose chat was told and reasoned over."""
    cli = Terminal(live_doxa.url, f"cli-{new_id()}", tmp_path_factory.mktemp("cli"), honcho, set())
    base = f"{cli.url}/v3/workspaces/{cli.workspace}"
    peers = {"ana": {}, "bot": {"observe_others": True}}
    httpx.post(
        f"{base}/peers", json={"id": "bot", "configuration": {"observe_me": False}}, timeout=60
    ).raise_for_status()
    chat = {
        "first": [
            ("ana", "I moved to Lisbon last week."),
            ("bot", "How do you like it?"),
            ("ana", "I work as a nurse."),
        ],
        "second": [("ana", "I play the piano."), ("bot", "Since when?")],
    }
    for name, lines in chat.items():
        httpx.post(f"{base}/sessions", json={"id": name, "peers": peers}, timeout=60).raise_for_status()
        body = {"messages": [{"peer_id": peer, "content": content} for peer, content in lines]}
        httpx.post(f"{base}/sessions/{name}/messages", json=body, timeout=60).raise_for_status()
    cli.settled(3)
    return cli


@pytest.mark.client
@pytest.mark.engine
@pytest.mark.parametrize("step", reading.STEPS.all, ids=lambda step: step.play.__name__)
def test_commands_show_what_was_told(told: Terminal, step: Step) -> None:
    told.used = set()
    step.play(told)
    assert told.used == step.commands


@pytest.mark.client
@pytest.mark.engine
@pytest.mark.parametrize("step", writing.STEPS.all, ids=lambda step: step.play.__name__)
def test_commands_make_and_remove(live_doxa: Live, honcho: Prepared, tmp_path: Path, step: Step) -> None:
    cli = Terminal(live_doxa.url, f"cli-{new_id()}", tmp_path, honcho, set())
    step.play(cli)
    assert cli.used == step.commands


def test_every_registered_command_is_run_or_has_its_reason() -> None:
    run = frozenset[str]().union(*(step.commands for step in (*reading.STEPS.all, *writing.STEPS.all)))
    assert run | set(NOT_APPLICABLE) == registered()
    assert run.isdisjoint(NOT_APPLICABLE)
