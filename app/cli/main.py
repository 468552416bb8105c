"""The `doxa` command: a group, and an explicit tuple of what is in it."""

import sys
from importlib.metadata import PackageNotFoundError, version

import click

from app.cli.database import migrate, reembed
from app.cli.demo import demo_command
from app.cli.engine import doctor, down, logs, status, up
from app.cli.imports import import_command
from app.engine.errors import EngineFault
from app.settings import SettingsFault
from graph.errors import DoxaError

COMMANDS: tuple[click.Command, ...] = (up, down, status, doctor, logs, import_command, demo_command, migrate, reembed)


def _version() -> str:
    try:
        return version("doxa")
    except PackageNotFoundError:
        return "(not installed)"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(_version(), prog_name="doxa")
def group() -> None:
    """Memory and reasoning over what peers hold about one another, kept as a graph with proof."""


for _command in COMMANDS:
    group.add_command(_command)


def main() -> None:
    """Run the command line; an expected fault is one line and exit code 1."""
    try:
        group()
    except (EngineFault, SettingsFault, DoxaError) as fault:
        click.echo(f"doxa: {fault}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
