"""One file into one workspace: read whole, judged, then written and, if wanted, waited for."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from app.importers.errors import Unreachable, WrongFile, WrongLines
from app.importers.formats import FORMATS, Format, sniffed_format
from app.importers.names import is_valid, valid_name
from app.importers.progress import Report, Stage
from app.importers.service import Service
from app.importers.spool import Spool
from app.importers.turns import Entry
from app.importers.writing import Plan, Writer, Written, planned

SHOWN_NAMES = 20


class Request(Struct, frozen=True, kw_only=True):
    """What a user wants imported.

    Attributes:
        path: The file.
        workspace: Where to; None takes the file's name.
        format: Name of its format; None looks at the file.
        skip_invalid: Leave wrong lines out instead of refusing the file.
        observe: Let the speakers of a session observe each other.
    """

    path: Path
    workspace: str | None = None
    format: str | None = None
    skip_invalid: bool = False
    observe: bool = True


class Imported(Struct, frozen=True):
    """What became of a request.

    Attributes:
        workspace: Where the chat is now.
        format: What the file was.
        plan: The names of sessions and peers.
        written: Counts of messages.
        skipped: Wrong lines that were left out.
    """

    workspace: str
    format: Format
    plan: Plan
    written: Written
    skipped: int


def workspace_of(request: Request) -> str:
    """The workspace a request means.

    Raises:
        WrongFile: The name that was given is none.
    """
    if request.workspace is None:
        return valid_name(request.path.stem, "workspace")
    if not is_valid(request.workspace):
        raise WrongFile(f"workspace: must be 1 to 512 letters, digits, _ or -, not {request.workspace!r}")
    return request.workspace


def import_file(request: Request, service: Service, report: Report) -> Imported:
    """Reads and judges the whole file, then writes what the service does not have.

    Raises:
        WrongFile: The file cannot be read, its format cannot be told, or it holds no messages.
        WrongLines: Lines break a rule and are not to be skipped; nothing was written.
        Unreachable: The service went away; the same import goes on where it stopped.
        Refused: The service refused what it was sent.
    """
    workspace = workspace_of(request)
    with Spool() as spool:
        found = _read(request, spool, report)
        _judge(request, spool, report)
        plan = planned(spool)
        _tell_names(plan, report)
        try:
            written = Writer(service, workspace, request.observe).write(spool, plan, report)
        except Unreachable as error:
            raise Unreachable(f"{error}; run the same import again and it goes on where it stopped") from error
        return Imported(workspace, found, plan, written, spool.problem_count)


def _read(request: Request, spool: Spool, report: Report) -> Format:
    name = request.path.name
    try:
        with request.path.open("rb") as file:
            found = sniffed_format(file, name) if request.format is None else FORMATS[request.format]
            with report.stage(f"Reading {name}, {found.title}", request.path.stat().st_size) as stage:
                spool.fill(_watched(found.read(file), file, stage))
    except OSError as error:
        raise WrongFile(f"{name}: cannot be read: {error.strerror or error}") from error
    return found


def _watched(entries: Iterator[Entry], file: BinaryIO, stage: Stage) -> Iterator[Entry]:
    for place, entry in enumerate(entries):
        if place % 500 == 0:
            stage.reached(file.tell())
        yield entry


def _judge(request: Request, spool: Spool, report: Report) -> None:
    name = request.path.name
    for problem in spool.problems:
        report.say(f"{name}: {problem.unit} {problem.number}: {problem.rule}")
    if (hidden := spool.problem_count - len(spool.problems)) > 0:
        report.say(f"{name}: and {hidden} more")
    for text, times in spool.notes():
        report.say(f"{name}: {text} ({times} times)" if times > 1 else f"{name}: {text}")
    if spool.problem_count and not request.skip_invalid:
        count = f"{spool.problem_count} problem{'s' if spool.problem_count > 1 else ''}"
        raise WrongLines(f"{name}: {count}, so nothing was imported; mend the file, or use --skip-invalid")
    if not spool.turns:
        raise WrongFile(f"{name}: holds no messages")


def _tell_names(plan: Plan, report: Report) -> None:
    renamed = plan.renamed()
    for kind, name, valid in renamed[:SHOWN_NAMES]:
        report.say(f"The {kind} {name!r} is called {valid} in Doxa")
    if len(renamed) > SHOWN_NAMES:
        report.say(f"And {len(renamed) - SHOWN_NAMES} more names were changed")
