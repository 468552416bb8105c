"""The demonstration on a whole Doxa that it starts itself: what it shows, twice, and that nothing is left running."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path

import httpx
import psutil
import pytest

from app import engine
from app.demo.showing import perspective_query
from app.importers.service import Service
from cypher.loader import load
from tests.live import without_services

pytestmark = [pytest.mark.engine, pytest.mark.timeout(900)]
COMMAND = [sys.executable, "-m", "app.cli.main"]


def _hear_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Place:
    """A home of the test's own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.home = engine.home_at(path, {})
        self.environment = {**without_services(os.environ), "COLUMNS": "100"}

    def arguments(self, *rest: str) -> list[str]:
        return [*COMMAND, *rest, "--home", str(self.path)]

    def run(self, *rest: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.arguments(*rest), env=self.environment, capture_output=True, text=True, timeout=600, check=False
        )

    def begin(self, *rest: str) -> "subprocess.Popen[str]":
        """A command that goes on, and hears Ctrl-C even where the tests were started so that they do not."""
        return subprocess.Popen(
            self.arguments(*rest),
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=_hear_ctrl_c,
        )

    def processes(self) -> list[str]:
        """What runs on behalf of this home."""
        return [
            " ".join(process.info["cmdline"])
            for process in psutil.process_iter(["cmdline"])
            if str(self.path) in " ".join(process.info["cmdline"] or ())
        ]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Generator[Place]:
    found = Place(tmp_path_factory.mktemp("demo"))
    yield found
    engine.stop(found.home)


@pytest.fixture(scope="module")
def shown(place: Place) -> str:
    done = place.run("demo")
    assert done.returncode == 0, done.stderr
    return done.stdout


def timeless(text: str) -> list[str]:
    """The lines that do not say how long something took or where it answers."""
    lines = text.split("\nTimings\n")[0].splitlines()
    return [line for line in lines if " ms again" not in line]


def test_it_shows_what_each_peer_holds_about_each_other_with_sources(shown: str) -> None:
    assert "What juniper and theo hold about mara" in shown
    assert "What juniper and mara hold about theo" in shown
    assert "What mara and theo hold about juniper" in shown
    walnuts = shown.index("mara is allergic to walnuts.  (3 times)")
    assert "mara, 8 Feb 2025, first-plans: “I'm allergic to walnuts." in shown[walnuts:]
    assert "theo's opening day is on 20 September 2025." in shown


def test_it_shows_context_query_figures_and_a_query_to_paste(shown: str) -> None:
    assert "Context for the next turn of last-weeks: juniper answers theo" in shown
    assert "theo: Do. And remind me: what do I tell the printer about the flyers?" in shown
    assert "juniper about theo, asked: Where does theo live now?" in shown
    assert "messages     121" in shown
    for name in ("start", "write", "reasoning", "context", "query"):
        assert f"\n  {name} " in shown
    assert perspective_query("demo", "juniper", "theo") in shown


def test_what_it_started_is_stopped(place: Place, shown: str) -> None:
    assert shown
    assert engine.running(place.home) is None
    assert place.processes() == []


def test_ctrl_c_stops_what_it_started(place: Place, shown: str) -> None:
    assert shown
    process = place.begin("demo")
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("Reading conversation.jsonl"):
            break
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130, said
    assert "Stopped." in said
    assert engine.running(place.home) is None
    assert place.processes() == []


def test_ctrl_c_while_it_starts_leaves_nothing(place: Place, shown: str) -> None:
    assert shown
    process = place.begin("demo")
    deadline = time.monotonic() + 120
    while len(place.processes()) < 3 and time.monotonic() < deadline:
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=120)
    assert process.returncode == 130
    assert engine.running(place.home) is None
    assert place.processes() == []


@pytest.fixture(scope="module")
def kept(place: Place, shown: str) -> Generator[str]:
    """What a second demonstration says that leaves its Doxa running."""
    assert shown
    again = place.run("demo", "--keep")
    assert again.returncode == 0, again.stderr
    yield again.stdout
    engine.stop(place.home)


def test_a_second_time_shows_the_same(shown: str, kept: str) -> None:
    assert timeless(kept) == timeless(shown)
    assert "0 messages added" in kept


def asked(status: engine.Status, statement: str, **parameters: str) -> list[list[object]]:
    """The rows that the Browser would get."""
    assert status.neo4j is not None
    password = Path(status.neo4j.password_file or "").read_text().strip()
    answer = httpx.post(
        f"{str(status.neo4j.browser).removesuffix('/').removesuffix('/browser')}/db/neo4j/query/v2",
        auth=(status.neo4j.user, password),
        json={"statement": statement, "parameters": parameters},
        trust_env=False,
    )
    assert "errors" not in answer.json(), answer.text
    return answer.json()["data"]["values"]


def test_the_query_to_paste_finds_the_graph(place: Place, kept: str) -> None:
    status = engine.running(place.home)
    assert status is not None
    assert status.neo4j is not None
    assert f"Open {status.neo4j.browser} and paste:" in kept
    rows = asked(status, perspective_query("demo", "juniper", "theo"))
    assert len(rows) > 5
    assert all(held and proof for held, proof in rows)


def test_the_saved_queries_find_the_graph(place: Place, kept: str) -> None:
    assert kept
    status = engine.running(place.home)
    assert status is not None
    with Service(str(status.api)) as service:
        conclusion = next(one for one in service.conclusions("demo") if one.level == "explicit")
    proofs = asked(status, load("browser/proof").text, workspace_id="demo", conclusion_id=conclusion.id)
    assert len(proofs) == len(conclusion.source_message_ids or ())
    talk = asked(status, load("browser/session").text, workspace_id="demo", session_id="last-weeks")
    assert len({json.dumps(said) for said, _ in talk}) == 44
    assert any(concluded for _, concluded in talk)
    views = asked(status, load("browser/social").text, workspace_id="demo")
    assert len(views) == 9


def test_an_own_chat_is_shown_by_the_doxa_that_runs(place: Place, kept: str) -> None:
    assert kept
    chat = place.path / "own chat.jsonl"
    chat.write_text(
        '{"session": "s", "peer": "ida", "content": "I live in Bergen.", "created_at": "2024-05-01"}\n'
        '{"session": "s", "peer": "olu", "content": "I grow leeks. What do you grow?", "created_at": "2024-05-01"}\n'
        '{"session": "s", "peer": "olu", "content": "Bye!", "created_at": "2024-05-01"}\n'
    )
    own = place.run("demo", str(chat))
    assert own.returncode == 0, own.stderr
    assert "Using the Doxa that runs" in own.stderr
    assert "ida lives in Bergen." in own.stdout
    assert "ida about olu, asked: I grow leeks. What do you grow?" in own.stdout
    assert "1. olu grows leeks.  (1 May 2024)" in own.stdout
    assert "Workspace own-chat" in own.stdout
    assert engine.running(place.home) is not None
