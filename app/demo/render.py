"""Prints what was gathered: as wide as the terminal, and as plain text where there is none."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from app.demo.gather import Belief, Perspective, Source, Timed, Turn
from app.importers.service import Context

SPARE_CELLS = 12
CONTEXT_LINES = 24
NARROWEST = 10


def show_perspectives(console: Console, perspectives: Iterable[Perspective]) -> None:
    """Each perspective under its heading, each belief with the messages and conclusions it rests on."""
    for each in perspectives:
        *before, last = each.observers
        who = f"{', '.join(before)} and {last} hold" if before else f"{last} holds"
        _heading(console, f"What {who} about {each.observed}")
        for belief in each.beliefs:
            _show_belief(console, belief)
        if each.hidden:
            _line(console, f"… and {each.hidden} more (--all shows them)", 2, "dim")


def show_context(console: Console, turn: Turn, context: Context, timed: Timed) -> None:
    """What a prompt for the next turn would hold."""
    answering = f"{turn.perspective} answers {turn.target}" if turn.perspective else f"about {turn.target}"
    _heading(console, f"Context for the next turn of {turn.session}: {answering}")
    for line in context.peer_card or ():
        _line(console, line, 2)
    _some(console, [line for line in (context.peer_representation or "").splitlines() if line], CONTEXT_LINES, 2)
    said = [f"{each.peer_id}: {each.content}" for each in context.messages]
    console.print()
    if len(said) > CONTEXT_LINES:
        _line(console, f"… {len(said) - CONTEXT_LINES} messages before", 2, "dim")
    for line in said[-CONTEXT_LINES:]:
        _line(console, line, 2)
    _line(console, f"{len(said)} messages, {_took(timed)}", 2, "dim")


def show_query(console: Console, turn: Turn, words: str, hits: Sequence[Belief], timed: Timed) -> None:
    """The hits of a semantic query, nearest first."""
    _heading(console, f"{turn.perspective or turn.target} about {turn.target}, asked: {words}")
    for place, hit in enumerate(hits, start=1):
        day = f"  ({_day(hit.sources[-1].said_at)})" if hit.sources else ""
        _line(console, f"{place}. {hit.content}{day}", 2)
    if not hits:
        _line(console, "nothing is held that could answer it", 2)
    _line(console, f"{len(hits)} conclusions, {_took(timed)}", 2, "dim")


def show_figures(console: Console, title: str, figures: Iterable[tuple[str, str]]) -> None:
    """Names and values, one pair a line."""
    rows = list(figures)
    width = max(len(name) for name, _ in rows)
    _heading(console, title)
    for name, value in rows:
        _line(console, f"{name:<{width}}  {value}", 2)


def show_browser(console: Console, browser: str, statement: str) -> None:
    """Where to look at the graph, and what to paste there; the statement's lines are never broken up."""
    _heading(console, "See it as a graph")
    _line(console, f"Open {browser} and paste:", 2)
    console.print()
    console.print(Text(statement), soft_wrap=True)


def _show_belief(console: Console, belief: Belief) -> None:
    text = Text(f"• {belief.content}")
    if belief.times > 1:
        text.append(f"  ({belief.times} times)", "bold")
    if belief.level != "explicit":
        text.append(f"  {belief.level}", "italic")
    _wrapped(console, text, 2)
    for source in belief.sources:
        _line(console, _said(source, console.width - 6), 6, "dim")
    for premise in belief.premises:
        _line(console, f"from: {premise}", 6, "dim")


def _said(source: Source, width: int) -> str:
    """Speaker, day, session and words of a message, the words cut so that all fits on two lines of a width."""
    where = f"{source.speaker}, {_day(source.said_at)}, {source.session}: "
    text = " ".join(source.text.split())
    # Lines break between words, so the first one is rarely full.
    room = max(2 * width - cell_len(where) - SPARE_CELLS, SPARE_CELLS)
    cut = text if cell_len(text) <= room else f"{set_cell_size(text, room - 1).rstrip()}…"
    return f"{where}“{cut}”"


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y}"


def _took(timed: Timed) -> str:
    return f"{timed.first_ms:.0f} ms the first time, {timed.again_ms:.0f} ms again"


def _some(console: Console, lines: Sequence[str], limit: int, indent: int) -> None:
    for line in lines[:limit]:
        _line(console, line, indent)
    if len(lines) > limit:
        _line(console, f"… and {len(lines) - limit} more lines", indent, "dim")


def _heading(console: Console, text: str) -> None:
    console.print()
    console.print(Text(text, style="bold"))


def _line(console: Console, text: str, indent: int, style: str = "") -> None:
    _wrapped(console, Text(text, style=style), indent)


def _wrapped(console: Console, text: Text, indent: int) -> None:
    for line in text.wrap(console, max(console.width - indent, NARROWEST)):
        line.rstrip()
        console.print(Text(" " * indent).append_text(line), soft_wrap=True)
