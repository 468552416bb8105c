"""The whole demonstration against a Doxa that runs: import, wait, and show what came of it."""

import time
from importlib.resources import as_file, files

import msgspec
from msgspec import Struct
from rich.console import Console

from app.demo import gather, render
from app.importers.importing import Imported, Request, import_file
from app.importers.progress import Report
from app.importers.service import Service
from app.importers.waiting import wait_for_reasoning
from cypher.loader import load

WORKSPACE = "demo"
QUESTION = "Where does theo live now?"
SHOWN_BELIEFS = 30


class Wish(Struct, frozen=True, kw_only=True):
    """What is to be shown.

    Attributes:
        request: The chat to import; None takes the one that ships with the package.
        workspace: Where to; None takes `demo`, or the file's name.
        query: What to ask; None asks what fits the chat.
        everything: Show all beliefs instead of a choice.
        browser: Address of the Neo4j Browser, if there is one.
        figures: More timings to print before the demonstration's own.
    """

    request: Request | None = None
    workspace: str | None = None
    query: str | None = None
    everything: bool = False
    browser: str | None = None
    figures: tuple[tuple[str, str], ...] = ()


def demonstrate(wish: Wish, service: Service, report: Report, console: Console) -> None:
    """Imports a chat, waits for the reasoning, and prints what each peer holds about each other and why.

    Args:
        wish: What is to be shown.
        service: The running Doxa.
        report: Told what is under way.
        console: Where the result goes.

    Raises:
        ImportFailed: The chat could not be imported or read back.
    """
    begun = time.monotonic()
    imported = _import(wish, service, report)
    written = time.monotonic() - begun
    reasoned = wait_for_reasoning(service, imported.workspace, report)
    sessions = list(imported.plan.sessions.values())
    limit = None if wish.everything else SHOWN_BELIEFS
    found, beliefs = gather.perspectives(service, imported.workspace, sessions, limit)
    turn = gather.next_turn(service, imported.workspace, sessions[-1])
    context, context_took = gather.context(service, imported.workspace, turn)
    words = wish.query or (QUESTION if wish.request is None else turn.words)
    hits, query_took = gather.query(service, imported.workspace, turn, words)

    render.show_perspectives(console, found)
    render.show_context(console, turn, context, context_took)
    render.show_query(console, turn, words, [beliefs[hit.id] for hit in hits if hit.id in beliefs], query_took)
    counts = imported.written
    render.show_figures(
        console,
        f"Workspace {imported.workspace}",
        [
            ("sessions", str(counts.sessions)),
            ("messages", f"{counts.added + counts.present}"),
            ("conclusions", str(len(beliefs))),
        ],
    )
    render.show_figures(
        console,
        "Timings",
        [
            *wish.figures,
            ("write", f"{written:.1f} s, {counts.added} messages added"),
            ("reasoning", f"{reasoned:.1f} s"),
            ("context", f"{context_took.again_ms:.0f} ms"),
            ("query", f"{query_took.again_ms:.0f} ms"),
        ],
    )
    if wish.browser:
        observer = turn.perspective or turn.target
        render.show_browser(console, wish.browser, perspective_query(imported.workspace, observer, turn.target))


def perspective_query(workspace: str, observer: str, observed: str) -> str:
    """The saved query for one perspective with its parameters filled in, to be pasted into the Browser.

    Args:
        workspace: A valid name, as are the others: letters, digits, `_` and `-`.
        observer: Who holds.
        observed: Who is held about.
    """
    text: str = load("browser/perspective").text
    for name, value in (("workspace_id", workspace), ("observer_id", observer), ("observed_id", observed)):
        text = text.replace(f"${name}", f"'{value}'")
    return text


def _import(wish: Wish, service: Service, report: Report) -> Imported:
    if wish.request is not None:
        return import_file(msgspec.structs.replace(wish.request, workspace=wish.workspace), service, report)
    with as_file(files("app.demo").joinpath("conversation.jsonl")) as path:
        return import_file(Request(path=path, workspace=wish.workspace or WORKSPACE), service, report)
