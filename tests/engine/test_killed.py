"""Whatever ends the supervisor, and however, nothing that it started goes on."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.engine import stop
from app.engine.errors import HomeFault
from app.engine.home import Home, hold, make_home
from app.engine.reaper import clear, marked, of_directory
from app.engine.record import PartRecord, read_record
from app.engine.status import NOT_RUNNING, running
from tests.engine.parts import lives, until

ROOT = Path(__file__).parents[2]


@contextmanager
def supervised(home: Home, grace: float = 0.5) -> Generator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        (sys.executable, "-m", "tests.engine.supervised", str(home.path), str(grace)),
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        assert process.stdout is not None
        assert any(line == "ready\n" for line in process.stdout)
        yield process
    finally:
        process.kill()
        process.wait()
        clear(of_directory(home.path), 0.0)


def parts(home: Home) -> tuple[PartRecord, ...]:
    record = read_record(home)
    assert record is not None
    return record.parts


def pids(home: Home) -> list[int]:
    """Every process under the engine, grandchildren included."""
    found = [process.pid for process in marked(of_directory(home.path))]
    for log in home.path.glob("*.log"):
        found += [int(number) for number in re.findall(r"child (\d+)", log.read_text())]
    return sorted(set(found))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_everything(tmp_path: Path, number: signal.Signals) -> None:
    home = Home(tmp_path / "home")
    with supervised(home) as process:
        started = pids(home)
        assert len(started) == 5
        process.send_signal(number)
        assert process.wait(20) == 0
        # The runaway left its parent's session: the reaper gets it a moment later.
        until(lambda: not any(lives(pid) for pid in started), "all are gone")
        assert read_record(home) is None or running(home) is None


def test_a_second_signal_does_not_wait_for_what_is_stubborn(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with supervised(home) as process:
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_when_the_supervisor_is_killed_all_it_started_ends_too(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with supervised(home) as process:
        started = pids(home)
        process.kill()
        process.wait()
        until(lambda: not any(lives(pid) for pid in started), "all are gone")
        assert running(home) is None
        with hold(home):
            pass


def test_when_supervisor_and_reaper_are_killed_down_ends_the_rest(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with supervised(home, grace=600.0) as process:
        started = pids(home)
        reapers = subprocess.run(("pgrep", "-P", str(process.pid), "-f", "reaper.py"), capture_output=True, text=True)
        process.send_signal(signal.SIGSTOP)  # or it would start another reaper
        for pid in reapers.stdout.split():
            subprocess.run(("kill", "-9", pid), check=True)
        process.kill()
        process.wait()
        assert any(lives(pid) for pid in started)
        assert stop(home, grace=0.5) is True
        assert not any(lives(pid) for pid in started)
        assert stop(home) is False


def test_a_closed_terminal_does_not_keep_it_from_working_and_stopping(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with supervised(home) as process:
        assert process.stdout is not None
        process.stdout.close()
        started = pids(home)
        plain = next(part for part in parts(home) if part.name == "plain")
        os.kill(plain.pid or 0, signal.SIGKILL)
        until(lambda: any(part.restarts and part.state == "running" for part in parts(home)), "it is started again")
        process.send_signal(signal.SIGHUP)
        assert process.wait(20) == 0
        until(lambda: not any(lives(pid) for pid in started), "all are gone")


def test_down_stops_an_engine_that_runs(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with supervised(home) as process:
        found = running(home)
        assert found is not None
        assert [each.name for each in found.processes] == ["supervisor", "plain", "stubborn", "runaway"]
        assert all(each.rss_bytes > 1_000_000 for each in found.processes)
        assert found.ready is False, "no API answers at the address of this one"
        assert stop(home) is True
        assert process.wait(5) == 0
        assert (running(home) or NOT_RUNNING) == NOT_RUNNING


def test_a_home_takes_one_engine(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with supervised(home), pytest.raises(HomeFault, match="is in use by another doxa"), hold(home):
        pass


def test_the_record_of_an_engine_that_is_gone_counts_for_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    make_home(home)
    home.record.write_text('{"pid": 1, "created": 12.0, "state": "ready"}')
    assert running(home) is None
