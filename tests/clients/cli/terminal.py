"""The published command line as a user runs it: each command a process with an environment of its own."""

# The command line is typed but ships no marker that says so.
# pyright: reportMissingTypeStubs=false

import errno
import json
import os
import pty
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import typer
from honcho_cli.main import app
from msgspec import Struct

from tests.clients.cli.prepared import Prepared
from tests.live import without_services

COMMAND = Path(sys.executable).parent / "honcho"


class Terminal(Struct):
    """Runs commands against one workspace.

    Attributes:
        url: address of the service.
        workspace: `HONCHO_WORKSPACE_ID`.
        home: `HONCHO_CONFIG_DIR`, and the home of whoever types.
        honcho: runs it.
        used: the commands that were run, as in `registered`.
    """

    url: str
    workspace: str
    home: Path
    honcho: Prepared
    used: set[str]

    def run(self, *words: str, **environment: str) -> Any:
        """Run a command that succeeds; what it printed, decoded from JSON."""
        done = self._run(words, environment)
        assert done.returncode == 0, f"honcho {' '.join(words)}: {done.stdout}{done.stderr}"
        return json.loads(done.stdout)

    def fail(self, *words: str, **environment: str) -> tuple[int, str]:
        """Run a command that fails; its exit code, and the code of the error that it names."""
        done = self._run(words, environment)
        assert done.returncode != 0, f"honcho {' '.join(words)} succeeded: {done.stdout}"
        return done.returncode, json.loads(done.stderr.splitlines()[-1])["error"]["code"]

    def shown(self, *words: str) -> str:
        """Run a command that succeeds with a real terminal as its output, as help is given to nobody else."""
        self.used.add(_command_of(words))
        mine, its = pty.openpty()
        with subprocess.Popen(
            [COMMAND, *words], env=self._environment({}), stdin=its, stdout=its, stderr=its
        ) as process:
            os.close(its)
            pieces = list(iter(lambda: _read(mine), b""))
        os.close(mine)
        assert process.returncode == 0
        return b"".join(pieces).decode()

    def settled(self, units: int) -> None:
        """Wait until the service has nothing left to think about; as the command line's own users poll."""
        deadline = time.monotonic() + 120
        while True:
            status = httpx.get(f"{self.url}/v3/workspaces/{self.workspace}/queue/status", timeout=60).json()
            idle = status["pending_work_units"] + status["in_progress_work_units"] == 0
            if idle and status["completed_work_units"] >= units:
                return
            assert time.monotonic() < deadline, status
            time.sleep(0.1)

    def _run(self, words: tuple[str, ...], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
        self.used.add(_command_of(words))
        return self.honcho.run(words, self._environment(environment))

    def _environment(self, more: dict[str, str]) -> dict[str, str]:
        clean = {key: value for key, value in without_services(os.environ).items() if not key.startswith("HONCHO_")}
        own = {
            "HOME": str(self.home),
            "HONCHO_BASE_URL": self.url,
            "HONCHO_WORKSPACE_ID": self.workspace,
            "HONCHO_CONFIG_DIR": str(self.home),
            "HONCHO_NO_UPDATE_CHECK": "1",
        }
        return clean | own | more


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError as closed:
        # So Linux tells that nobody writes to the terminal any more.
        if closed.errno == errno.EIO:
            return b""
        raise


def registered() -> set[str]:
    """Every command that the command line knows, as one types it: `peer chat`, or `config`, which acts itself."""
    return set(_leaves(typer.main.get_command(app), ()))


def _leaves(command: Any, path: tuple[str, ...]) -> Iterator[str]:
    below: dict[str, Any] = getattr(command, "commands", {})
    if path and not below:
        yield " ".join(path)
    for name, each in below.items():
        yield from _leaves(each, (*path, name))


def _command_of(words: tuple[str, ...]) -> str:
    known = registered()
    (found,) = [name for name in (" ".join(words[:2]), words[0]) if name in known][:1] or [""]
    return found


class Step(Struct, frozen=True):
    """One scenario.

    Attributes:
        commands: what it runs, no more and no less.
        play: runs them and looks at what they answer.
    """

    commands: frozenset[str]
    play: Callable[[Terminal], None]


class Steps:
    """The scenarios of a noun, in order."""

    def __init__(self) -> None:
        self.all: list[Step] = []

    def covers(self, *commands: str) -> Callable[[Callable[[Terminal], None]], Callable[[Terminal], None]]:
        """Register a scenario with the commands that it runs."""

        def register(play: Callable[[Terminal], None]) -> Callable[[Terminal], None]:
            self.all.append(Step(frozenset(commands), play))
            return play

        return register
