"""Imports into the real service: whole, in order, and once."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli.imports import import_command
from app.importers.limits import IMPORT_KEY
from tests.importers.workbench import Line, Live, contents, said

pytestmark = pytest.mark.engine
REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "locomo-dev.json"


def test_messages_arrive_in_order_with_their_authors_dates_and_metadata(live: Live) -> None:
    path = live.write(
        said("one", created_at="2024-05-01T09:30:00Z", metadata={"mood": ["glad", {"n": 1.5}], "big": 10**30}),
        said("elsewhere", session="t"),
        said("two", peer="bo", created_at="2024-05-01T09:29:00+02:00"),
        said(""),
    )
    done = live.load(path)
    assert (done.written.sessions, done.written.added, done.written.present) == (2, 4, 0)
    stored = live.messages("s")
    assert [(each.content, each.peer_id) for each in stored] == [("one", "ana"), ("two", "bo"), ("", "ana")]
    assert [each.created_at for each in stored[:2]] == [
        datetime(2024, 5, 1, 9, 30, tzinfo=UTC),
        datetime(2024, 5, 1, 7, 29, tzinfo=UTC),
    ]
    assert {key: value for key, value in stored[0].metadata.items() if key != IMPORT_KEY} == {
        "mood": ["glad", {"n": 1.5}],
        "big": 10**30,
    }
    assert live.sessions() == ["s", "t"]


def test_the_same_import_twice_adds_nothing(live: Live) -> None:
    path = live.write(*(said(f"line {n % 40}", session=f"s{n % 3}", peer=f"p{n % 2}") for n in range(350)))
    first = live.load(path)
    before = {session: live.messages(session) for session in live.sessions()}
    second = live.load(path)
    assert (first.written.added, first.written.present) == (350, 0)
    assert (second.written.added, second.written.present) == (0, 350)
    assert {session: live.messages(session) for session in live.sessions()} == before


def test_equal_lines_are_separate_messages(live: Live) -> None:
    path = live.write(said("Hm."), said("Hm."), said("Hm."))
    live.load(path)
    live.load(path)
    assert contents(live.messages("s")) == ["Hm.", "Hm.", "Hm."]


def test_a_file_that_has_grown_adds_only_what_is_new(live: Live) -> None:
    live.load(live.write(said("one"), said("two")))
    done = live.load(live.write(said("one"), said("two"), said("three"), said("new", session="t")))
    assert (done.written.added, done.written.present) == (2, 2)
    assert contents(live.messages("s")) == ["one", "two", "three"]


def test_messages_that_others_wrote_into_the_session_stay_and_do_not_count(live: Live) -> None:
    live.load(live.write(said("one")))
    live.http.post(
        "/sessions/s/messages", json={"messages": [{"content": "by hand", "peer_id": "ana"}]}
    ).raise_for_status()
    done = live.load(live.write(said("one"), said("two")))
    assert (done.written.added, done.written.present) == (1, 1)
    assert contents(live.messages("s")) == ["one", "by hand", "two"]


def test_wrong_lines_are_named_and_nothing_is_written(live: Live) -> None:
    path = live.write(said("fine"), said("x" * 25_001), "{", said("fine", created_at="soon"))
    result = live.command(path)
    assert result.exit_code == 1
    lines = result.stderr.splitlines()
    assert "chat.jsonl: line 2: content: must have at most 25000 characters, has 25001" in lines
    assert (
        "chat.jsonl: line 3: line: must be JSON: Expecting property name enclosed in double quotes at column 2" in lines
    )
    assert "chat.jsonl: line 4: created_at: must be an ISO 8601 time such as 2024-05-01T09:30:00Z, not 'soon'" in lines
    assert lines[-1] == "doxa: chat.jsonl: 3 problems, so nothing was imported; mend the file, or use --skip-invalid"
    assert live.sessions() == []
    assert live.http.post("/peers/list").json()["total"] == 0


def test_wrong_lines_can_be_left_out(live: Live) -> None:
    result = live.command(live.write(said("one"), "{", said("two")), "--skip-invalid")
    assert result.exit_code == 0, result.stderr
    assert "chat.jsonl: line 2: " in result.stderr
    assert "2 added, 0 there before, 1 left out" in result.stdout
    assert contents(live.messages("s")) == ["one", "two"]


def test_a_mended_file_adds_the_line_that_was_left_out(live: Live) -> None:
    live.command(live.write(said("one"), "{", said("two")), "--skip-invalid")
    result = live.command(live.write(said("one"), said("mended"), said("two")))
    assert "1 added, 2 there before" in result.stdout
    assert contents(live.messages("s")) == ["one", "two", "mended"]


def test_speakers_observe_each_other_unless_told_otherwise(live: Live) -> None:
    path = live.write(said("one"), said("two", peer="bo"))
    live.load(path)
    assert live.member("s", "ana") == {"observe_me": None, "observe_others": True}
    other = live.write(said("one", session="quiet"), said("two", session="quiet", peer="bo"))
    live.load(other, observe=False)
    assert live.member("quiet", "bo") == {"observe_me": None, "observe_others": False}


def test_of_twelve_speakers_ten_observe(live: Live) -> None:
    path = live.write(*(said(f"{n}", peer=f"p{n % 12}") for n in range(30)))
    live.load(path)
    observing = [live.member("s", f"p{n}") == {"observe_me": None, "observe_others": True} for n in range(12)]
    assert observing == [True] * 10 + [False] * 2


def test_nothing_is_concluded_about_the_system_prompt(live: Live) -> None:
    path = live.write(
        {
            "id": "c1",
            "messages": [{"role": "system", "content": "I am terse."}, {"role": "user", "content": "I keep bees."}],
        },
        name="openai.jsonl",
    )
    live.load(path)
    assert [(each.peer_id, each.content) for each in live.messages("c1")] == [
        ("system", "I am terse."),
        ("user", "I keep bees."),
    ]
    assert live.member("c1", "system") == {"observe_me": False, "observe_others": False}


def test_names_the_service_does_not_take_are_changed_and_told(live: Live) -> None:
    result = live.command(live.write(said("hi", session="Team chat", peer="Ana Lima")))
    assert "The peer 'Ana Lima' is called Ana-Lima in Doxa" in result.stderr.splitlines()
    assert "The session 'Team chat' is called Team-chat in Doxa" in result.stderr.splitlines()
    assert live.messages("Team-chat")[0].peer_id == "Ana-Lima"
    (peer,) = live.http.post("/peers/list").json()["items"]
    assert peer["metadata"] == {"name": "Ana Lima"}


def test_a_peer_that_exists_keeps_its_own_metadata(live: Live) -> None:
    live.http.post("/peers", json={"id": "Ana-Lima", "metadata": {"mine": 1}}).raise_for_status()
    live.load(live.write(said("hi", peer="Ana Lima")))
    (peer,) = live.http.post("/peers/list").json()["items"]
    assert peer["metadata"] == {"mine": 1}


def locomo(name: str) -> Line:
    return {
        "sample_id": name,
        "conversation": {
            "speaker_a": "John",
            "speaker_b": "Mia",
            "session_1_date_time": "1:56 pm on 8 May, 2023",
            "session_1": [
                {"speaker": "John", "dia_id": "D1:1", "text": "I planted leeks."},
                {"speaker": "Mia", "dia_id": "D1:2", "text": "Nice!", "blip_caption": "a row of leeks"},
            ],
        },
    }


def test_locomo_samples_share_a_workspace_but_no_people(live: Live) -> None:
    path = live.folder / "locomo.json"
    path.write_text(json.dumps([locomo("conv-1"), locomo("conv-2")]))
    live.load(path)
    assert live.sessions() == ["conv-1-session_1", "conv-2-session_1"]
    first, second = live.messages("conv-1-session_1"), live.messages("conv-2-session_1")
    assert [each.peer_id for each in first] == ["John", "Mia"]
    assert [each.peer_id for each in second] == ["John-conv-2", "Mia-conv-2"]
    assert first[1].created_at == datetime(2023, 5, 8, 13, 56, 30, tzinfo=UTC)
    assert (first[1].metadata["dia_id"], first[1].metadata["blip_caption"]) == ("D1:2", "a row of leeks")


@pytest.mark.skipif(not REAL.exists(), reason="the LoCoMo conversations are no part of the project")
def test_the_published_conversations_are_stored_whole_and_once(live: Live) -> None:
    first, second = live.load(REAL), live.load(REAL)
    assert (first.written.sessions, first.written.added, second.written.added) == (38, 788, 0)
    assert sum(len(live.messages(session)) for session in live.sessions()) == 788


def test_nobody_at_the_address_is_one_line(live: Live) -> None:
    result = CliRunner().invoke(import_command, [str(live.write(said("hi"))), "--url", "http://127.0.0.1:9"])
    assert result.exit_code == 1
    assert result.stderr == "doxa: the Doxa at http://127.0.0.1:9 does not answer (ConnectError)\n"


def test_an_empty_home_says_how_to_start(live: Live) -> None:
    result = CliRunner().invoke(import_command, [str(live.write(said("hi"))), "--home", str(live.folder / "home")])
    assert result.exit_code == 1
    assert result.stderr.startswith(f"doxa: no Doxa runs in {live.folder / 'home'}: start one with `doxa up`")


@pytest.mark.parametrize(
    ("text", "options", "line"),
    [
        ("", [], "doxa: chat.jsonl: is empty"),
        ("hello", [], "doxa: chat.jsonl: cannot tell its format; say it with --format jsonl|openai|locomo"),
        ("[]", [], "doxa: chat.jsonl: holds no messages"),
        (
            '{"session": "s", "peer": "p", "content": "c"}',
            ["--workspace", "my chat"],
            "doxa: workspace: must be 1 to 512",
        ),
    ],
)
def test_a_file_or_name_that_will_not_do_is_one_line(live: Live, text: str, options: list[str], line: str) -> None:
    result = live.command(live.write(text), *options)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1].startswith(line)
