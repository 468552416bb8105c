"""What the demonstration prints: every belief with what it rests on, at any width."""

import io
from datetime import UTC, datetime

import pytest
from rich.console import Console

from app.demo import render
from app.demo.gather import Belief, Perspective, Source, Timed, Turn
from app.demo.showing import perspective_query
from app.importers.progress import Report
from app.importers.service import Context, Message

NOON = datetime(2025, 2, 8, 12, tzinfo=UTC)
TURN = Turn("kitchen", "ana", "bo", "Where do I live?")


def printed(width: int = 80) -> tuple[Console, io.StringIO]:
    text = io.StringIO()
    return Console(file=text, width=width), text


def belief(content: str, *sources: Source, times: int = 1) -> Belief:
    return Belief(content, "explicit", times, sources, ())


def test_a_belief_is_shown_with_speaker_date_and_words_of_each_source() -> None:
    console, text = printed()
    sources = (Source("kitchen", "ana", NOON, "I live in\nPorto."), Source("phone", "ana", NOON, "Porto, as I said."))
    render.show_perspectives(
        console, [Perspective(("bo",), "ana", (belief("ana lives in Porto.", *sources, times=2),), 3)]
    )
    assert text.getvalue().splitlines() == [
        "",
        "What bo holds about ana",
        "  • ana lives in Porto.  (2 times)",
        "      ana, 8 Feb 2025, kitchen: “I live in Porto.”",
        "      ana, 8 Feb 2025, phone: “Porto, as I said.”",
        "  … and 3 more (--all shows them)",
    ]


def test_several_who_hold_the_same_are_named_together() -> None:
    console, text = printed()
    render.show_perspectives(console, [Perspective(("bo", "cy", "di"), "ana", (belief("ana lives in Porto."),), 0)])
    assert text.getvalue().splitlines()[1] == "What bo, cy and di hold about ana"


@pytest.mark.parametrize("width", [50, 80, 120])
def test_a_long_source_is_cut_to_two_lines(width: int) -> None:
    console, text = printed(width)
    held = belief("ana talks.", Source("kitchen", "ana", NOON, "word " * 100))
    render.show_perspectives(console, [Perspective(("bo",), "ana", (held,), 0)])
    heading, content, first, second = text.getvalue().splitlines()[1:]
    assert (heading, content) == ("What bo holds about ana", "  • ana talks.")
    assert first.startswith("      ana, 8 Feb 2025, kitchen: “word word")
    assert second.endswith("word…”")


def test_a_derived_belief_names_its_premises() -> None:
    console, text = printed()
    derived = Belief("ana is far from home.", "deductive", 1, (), ("ana lives in Porto.", "ana is from Oslo."))
    render.show_perspectives(console, [Perspective(("bo",), "ana", (derived,), 0)])
    assert "• ana is far from home.  deductive" in text.getvalue()
    assert "from: ana lives in Porto." in text.getvalue()
    assert "from: ana is from Oslo." in text.getvalue()


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_nothing_is_wider_than_the_console(width: int) -> None:
    console, text = printed(width)
    long = Source("kitchen", "ana", NOON, "[i]bread[/i] is a long story " * 30)
    render.show_perspectives(console, [Perspective(("bo",), "ana", (belief("ana tells long stories. " * 9, long),), 0)])
    assert max(len(line) for line in text.getvalue().splitlines()) <= width
    assert "“[i]" in "".join(line.strip() for line in text.getvalue().splitlines())


def test_the_context_shows_what_is_held_and_what_was_said_last() -> None:
    console, text = printed()
    said = [Message(str(n), f"line {n}", "ana", "kitchen", NOON) for n in range(30)]
    context = Context(said, None, "## Explicit\n\n[2025-02-08 12:00:00] ana lives in Porto.", ["NAME: Ana"])
    render.show_context(console, TURN, context, Timed(12.3, 4.5))
    lines = [line.strip() for line in text.getvalue().splitlines()]
    assert lines[1] == "Context for the next turn of kitchen: bo answers ana"
    assert "[2025-02-08 12:00:00] ana lives in Porto." in lines
    assert "NAME: Ana" in lines
    assert "ana: line 29" in lines
    assert "ana: line 5" not in lines
    assert lines[-1] == "30 messages, 12 ms the first time, 4 ms again"


def test_a_query_lists_its_hits_or_says_that_there_are_none() -> None:
    console, text = printed()
    held = belief("ana lives in Porto.", Source("kitchen", "ana", NOON, "Porto!"))
    render.show_query(console, TURN, "where?", [held], Timed(1, 1))
    render.show_query(console, TURN, "where?", [], Timed(1, 1))
    assert "1. ana lives in Porto.  (8 Feb 2025)" in text.getvalue()
    assert "nothing is held that could answer it" in text.getvalue()


def test_the_query_to_paste_is_whole_and_has_no_parameters_left() -> None:
    statement = perspective_query("demo", "juniper", "theo")
    assert "$" not in statement
    assert "id: 'juniper'" in statement
    console, text = printed(30)
    render.show_browser(console, "http://127.0.0.1:7474/browser/", statement)
    assert statement in text.getvalue()


def test_without_a_terminal_a_stage_is_two_lines() -> None:
    console, text = printed()
    with Report(console).stage("Writing messages", 3) as stage:
        stage.reached(1)
        stage.reached(3)
    first, last = text.getvalue().splitlines()
    assert first == "Writing messages …"
    assert last.startswith("Writing messages: done in ")


def test_a_stage_that_fails_does_not_say_that_it_is_done() -> None:
    console, text = printed()
    with pytest.raises(RuntimeError), Report(console).stage("Writing messages", 3):
        raise RuntimeError
    assert "done" not in text.getvalue()


def test_on_a_terminal_the_bar_goes_away_and_one_line_stays() -> None:
    text = io.StringIO()
    console = Console(file=text, width=80, force_terminal=True, color_system=None)
    with Report(console).stage("Writing messages", 3) as stage:
        stage.reached(2, 4)
    assert "Writing messages: done in " in text.getvalue()
    assert "2/4" in text.getvalue()
