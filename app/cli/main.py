"""The `doxa` command: a group, and an explicit table of what is in it."""

import importlib
import os
import sys
from importlib.metadata import PackageNotFoundError, version

import click

from app.engine.errors import EngineFault
from app.telemetry import logs
from graph.errors import DoxaError

COMMANDS: dict[str, str] = {
    "up": "app.cli.engine:up",
    "down": "app.cli.engine:down",
    "status": "app.cli.engine:status",
    "doctor": "app.cli.engine:doctor",
    "logs": "app.cli.engine:logs",
    "import": "app.cli.imports:import_command",
    "export": "app.cli.archives:export",
    "backup": "app.cli.archives:backup",
    "restore": "app.cli.archives:restore",
    "demo": "app.cli.demo:demo_command",
    "warm": "app.cli.warm:warm",
    "work": "app.cli.work:work_group",
    "keys": "app.cli.keys:keys",
    "conclusion": "app.cli.conclusions:conclusion",
    "dream": "app.cli.dreams:dream_command",
    "migrate": "app.cli.database:migrate",
    "reembed": "app.cli.database:reembed",
}
"""Every command, by the module and the name that hold it: loaded when it is asked for, since some take seconds."""


class Commands(click.Group):
    """A group that loads a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command; None if there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command = getattr(importlib.import_module(module), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{COMMANDS[cmd_name]} is no command")
        return command


def _version() -> str:
    try:
        return version("doxa")
    except PackageNotFoundError:
        return "(not installed)"


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(_version(), prog_name="doxa")
def group() -> None:
    """Memory and reasoning over what peers hold about one another, kept as a graph with proof."""
    # Only what is wrong: what a command has to say, it prints. The settings are checked by those that use them.
    level, form = (os.environ.get(name, "").strip() for name in ("DOXA_LOG_LEVEL", "DOXA_LOG_FORMAT"))
    logs.configure("DEBUG" if level.upper() == "DEBUG" else "WARNING", form.lower())


def main() -> None:
    """Run the command line; an expected fault is one line and exit code 1."""
    try:
        group()
    except Exception as fault:
        # Only now: the settings know the database, whose driver takes long to import.
        from app.settings import SettingsFault  # noqa: PLC0415

        if not isinstance(fault, EngineFault | DoxaError | SettingsFault):
            raise
        click.echo(f"doxa: {fault}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
