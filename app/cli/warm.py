"""`doxa warm`: lets Java learn Neo4j by heart, once, so that whatever starts later starts faster."""

import os
import tempfile
from pathlib import Path

import click
from rich.console import Console

from app import engine
from app.cli.console import ConsoleReport
from app.cli.imports import one_line_faults
from app.demo.showing import Wish, demonstrate
from app.engine.errors import EngineFault
from app.engine.events import Notice
from app.engine.machine import check_disk
from app.engine.neo4j import keep_learnt, learnt_file
from app.importers.progress import Report
from app.importers.service import Service

#: What a run for training takes on of the settings of whoever asks for it, and how the others begin.
TAKEN_ON = ("DOXA_CACHE", "DOXA_JAVA", "DOXA_NEO4J_HEAP", "DOXA_NEO4J_PAGE_CACHE")
SETTINGS = ("DOXA_", "NEO4J_", "REDIS_", "OPENAI_", "ANTHROPIC_", "AUTH_", "WEBHOOK_", "METRICS_", "OTEL_")
#: What a recording and a cache take on a disk.
NEEDED_BYTES = 500_000_000


@click.command("warm")
@click.option("--again", is_flag=True, help="Learn anew even if it was learnt already.")
def warm(again: bool) -> None:
    """Let Java learn Neo4j by heart: later starts take half the work, and first queries too.

    Runs the demo once in a home that is thrown away, and keeps what Java learnt in the cache (about 230 MB). It takes
    about a minute, once for each version of Doxa; nothing needs it.
    """
    environment = {
        name: value for name, value in os.environ.items() if name in TAKEN_ON or not name.startswith(SETTINGS)
    }
    file = learnt_file(environment)
    if file is None:
        raise click.ClickException("what Java learns is kept only for the Java that comes along: unset DOXA_JAVA")
    console = Console(stderr=True)
    if file.is_file() and not again:
        console.print("Java knows this Neo4j already.")
        return
    check_disk(file.parent, NEEDED_BYTES)
    with ConsoleReport(console) as tell, tempfile.TemporaryDirectory(prefix="doxa-warm-") as folder:
        record = Path(folder) / f"learnt-{os.getpid()}"
        place = engine.home_at(Path(folder) / "home", environment)
        running = engine.start(place, engine.Options(ports=engine.FREE, record=str(record)), tell, environment)
        try:
            address = running.status().api
            if address is None:
                raise EngineFault("the engine that was started for training has no API")
            with one_line_faults(), Service(address, None) as service:
                demonstrate(Wish(), service, Report(console), Console(quiet=True))
        finally:
            tell(Notice("Java writes down what it learnt"))
            running.stop()
        keep_learnt(record, environment, tell)
