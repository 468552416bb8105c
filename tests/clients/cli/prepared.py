"""Runs a Python command again and again, each time as a process of its own that has the libraries read already.

Reading them is nine tenths of what a short command takes. This program, given a script and the package that belongs to
it, imports that package and all it needs, forgets the package itself, and then forks for each request: so what a
command reads of its environment is read anew. A request is a line of JSON and three files, sent over a socket.
"""

import json
import os
import runpy
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

_REQUEST = 1 << 20


class Prepared:
    """A script that is ready to be run.

    Args:
        script: path of the script, as an installer made it.
        package: the package that it runs, which each run reads anew.
    """

    def __init__(self, script: Path, package: str) -> None:
        self._script = script
        self._ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, __file__, str(its.fileno()), str(script), package]
        self._process = subprocess.Popen(command, pass_fds=[its.fileno()])
        its.close()

    def __enter__(self) -> "Prepared":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ours.close()
        self._process.wait(60)

    def run(self, words: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Run the script with these words and exactly this environment, and read all that it prints."""
        with (
            open(os.devnull, "rb") as nothing,
            tempfile.TemporaryFile("w+") as printed,
            tempfile.TemporaryFile("w+") as complained,
        ):
            request = json.dumps({"words": list(words), "environment": dict(environment)}).encode()
            socket.send_fds(self._ours, [request], [nothing.fileno(), printed.fileno(), complained.fileno()])
            self._ours.settimeout(120)
            code = int(self._ours.recv(64))
            printed.seek(0)
            complained.seek(0)
            return subprocess.CompletedProcess([str(self._script), *words], code, printed.read(), complained.read())


def _serve(requests: socket.socket, script: str, package: str) -> None:
    __import__(f"{package}.main")
    for name in [name for name in sys.modules if name.split(".")[0] == package]:
        del sys.modules[name]
    while True:
        request, files, _, _ = socket.recv_fds(requests, _REQUEST, 3)
        if not request:
            return
        child = os.fork()
        if child == 0:
            requests.close()
            asked = json.loads(request)
            _become(script, asked["words"], asked["environment"], files)
        for file in files:
            os.close(file)
        _, status = os.waitpid(child, 0)
        requests.send(str(os.waitstatus_to_exitcode(status)).encode())


def _become(script: str, words: list[str], environment: dict[str, str], files: list[int]) -> None:
    for place, file in enumerate(files):
        os.dup2(file, place)
        os.close(file)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [script, *words]
    code = 0
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as ended:
        # As the interpreter itself has it.
        if isinstance(ended.code, int) or ended.code is None:
            code = ended.code or 0
        else:
            print(ended.code, file=sys.stderr)
            code = 1
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2], sys.argv[3])
