"""The engine's commands, run as a person runs them."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import click
import pytest

from app.cli.main import COMMANDS, group

ROOT = Path(__file__).parents[2]


def doxa(home: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    given = {name: value for name, value in os.environ.items() if not name.startswith(("NEO4J_", "REDIS_"))}
    return subprocess.run(
        (sys.executable, "-m", "app.cli.main", *arguments),
        env={**given, "DOXA_HOME": str(home), "PYTHONPATH": str(ROOT), **environment},
        cwd=home.parent,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_status_of_nothing_is_not_ready_and_exits_with_3(tmp_path: Path) -> None:
    answer = doxa(tmp_path / "home", "status", "--json")
    assert answer.returncode == 3
    nothing: dict[str, object] = {"ready": False, "api": None, "neo4j": None, "redis": None}
    nothing |= {"processes": [], "metrics": []}
    assert json.loads(answer.stdout) == nothing
    plain = doxa(tmp_path / "home", "status")
    assert plain.returncode == 3
    assert plain.stdout == f"Nothing runs in {tmp_path / 'home'}. Start it with: doxa up\n"


def test_down_of_nothing_is_no_fault(tmp_path: Path) -> None:
    answer = doxa(tmp_path / "home", "down")
    assert (answer.returncode, answer.stdout) == (0, f"Nothing runs in {tmp_path / 'home'}.\n")
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("detach", [True, False], ids=["detached", "foreground"])
def test_a_taken_port_is_one_line_and_exit_code_1(tmp_path: Path, detach: bool) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        number = server.getsockname()[1]
        arguments = ("up", "--api-port", str(number), *(("--detach",) if detach else ()))
        answer = doxa(tmp_path / "home", *arguments)
    assert answer.returncode == 1
    assert answer.stderr == (
        f"doxa: port {number} is taken, and the API needs it: free it, or choose another with --api-port "
        "(0 picks a free one)\n"
    )
    assert doxa(tmp_path / "home", "status").returncode == 3


def test_a_registry_out_of_reach_is_one_line_and_exit_code_1(tmp_path: Path) -> None:
    ports = ("--api-port", "0", "--bolt-port", "0", "--http-port", "0", "--redis-port", "0")
    unreachable = {"DOXA_MAVEN_URL": "http://127.0.0.1:9/maven2", "DOXA_CACHE": str(tmp_path / "cache")}
    answer = doxa(tmp_path / "home", "up", *ports, **unreachable)
    assert answer.returncode == 1
    assert answer.stderr.startswith("doxa: cannot fetch ")
    assert answer.stderr.count("\n") == 1
    assert "127.0.0.1:9" in answer.stderr


def test_doctor_gives_one_line_for_each_thing(tmp_path: Path) -> None:
    answer = doxa(tmp_path / "home", "doctor")
    lines = answer.stdout.splitlines()
    names = [line.split(":")[0].split(" ")[1] for line in lines]
    expected = ["python", "packages", "java", "redis", "cache", "disk", "memory", "home", "ports", "engine"]
    assert names == expected
    assert answer.returncode == (1 if any(line.startswith("✗") for line in lines) else 0)


def test_doctor_says_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "neo4j.password").write_text("known to all\n")
    (home / "neo4j.password").chmod(0o644)
    answer = doxa(home, "doctor", DOXA_JAVA=str(tmp_path / "none"), DOXA_CACHE=str(tmp_path / "cache"))
    assert answer.returncode == 1
    found = {line.split(":")[0]: line for line in answer.stdout.splitlines()}
    assert "cannot be run" in found["✗ java"]
    assert found["✗ home"].endswith(f"→ chmod 600 {home / 'neo4j.password'}")
    assert found["✓ cache"].startswith("✓ cache: 238 of 238 jars are not yet in")
    assert "known to all" not in answer.stdout


def test_logs_shows_one_log_or_all_with_their_names(tmp_path: Path) -> None:
    logs = tmp_path / "home" / "logs"
    logs.mkdir(parents=True)
    (logs / "api.log").write_text("one\ntwo\n")
    (logs / "redis.log").write_text("three\n")
    assert doxa(tmp_path / "home", "logs", "api", "-n", "1").stdout == "two\n"
    assert doxa(tmp_path / "home", "logs").stdout == "redis   | three\napi     | one\napi     | two\n"
    assert doxa(tmp_path / "home", "logs", "nonsense").returncode == 2


def test_every_command_says_what_it_does() -> None:
    with click.Context(group) as context:
        for name in COMMANDS:
            command = group.get_command(context, name)
            assert command is not None, name
            assert command.name == name
            assert command.help, name
        assert group.get_command(context, "nonsense") is None
