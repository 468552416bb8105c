"""What `doxa doctor --graph` does: look for what must never be in the graph."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from app.cli.database import reachable, with_database
from graph.store.invariants import Finding, check


def examine_graph(home: Path | None, workspace_id: str | None, *, as_json: bool) -> None:
    """Print a finding for each rule; exits with 1 if one is broken."""
    with reachable(home, alone=False) as settings:
        findings = asyncio.run(with_database(settings, lambda database: check(database, workspace_id)))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(findings), indent=2).decode())
    else:
        Console().print(_table(findings))
    if any(finding.ids for finding in findings):
        sys.exit(1)


def _table(findings: Sequence[Finding]) -> Table:
    table = Table("", "rule", "broken by")
    for finding in findings:
        table.add_row("[red]✗[/]" if finding.ids else "[green]✓[/]", finding.text, escape(", ".join(finding.ids)))
    return table
