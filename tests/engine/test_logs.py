"""Logs stay small while they are written, and can be followed through it."""

import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from app.engine.events import Began, Fetched, Finished, Notice
from app.engine.home import Home, make_home
from app.engine.logs import Tail, log_event, log_file, rotate, show


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    make_home(made)
    return made


def test_the_last_lines_are_shown_with_their_log(home: Home) -> None:
    log_file(home, "api").write_text("a\nb\nc\n")
    log_file(home, "redis").write_text("x\n")
    assert list(show(home, ("api", "redis", "neo4j"), 2, follow=False)) == [("api", "b"), ("api", "c"), ("redis", "x")]
    assert list(show(home, ("api",), 0, follow=False)) == []


def test_what_is_appended_is_followed_line_by_line(home: Home) -> None:
    file = log_file(home, "api")
    file.write_text("old\n")
    additions = iter(("one\ntw", "o\nthree\n"))

    def append(seconds: float) -> None:
        with file.open("a") as log:
            log.write(next(additions))

    lines = show(home, ("api",), 0, follow=True, pause=append)
    assert [line for _, line in islice(lines, 3)] == ["one", "two", "three"]


def test_a_large_log_is_set_aside_while_its_writer_goes_on(home: Home) -> None:
    file = log_file(home, "api")
    code = (
        "import sys\n"
        "for line in sys.stdin:\n"
        "    print(line * 100, end='', flush=True)\n"
        "    print('wrote', file=sys.stderr, flush=True)"
    )
    with file.open("ab") as log:
        writer = subprocess.Popen(
            (sys.executable, "-c", code), stdin=subprocess.PIPE, stdout=log, stderr=subprocess.PIPE, text=True
        )
    assert writer.stdin is not None
    assert writer.stderr is not None
    tail = Tail(file)
    for word in ("first", "second", "third", "fourth"):
        print(word, file=writer.stdin, flush=True)
        assert writer.stderr.readline() == "wrote\n"
        assert set(tail.more()) == {word}
        rotate(home, largest=200)
        assert file.stat().st_size == 0
        tail.more()
    writer.communicate()
    assert file.with_name("api.log.1").read_text() == "fourth\n" * 100
    assert file.with_name("api.log.2").read_text() == "third\n" * 100
    assert not file.with_name("api.log.3").exists()


def test_a_small_log_is_left_alone(home: Home) -> None:
    log_file(home, "api").write_text("small\n")
    rotate(home)
    assert log_file(home, "api").read_text() == "small\n"


def test_the_engine_logs_what_matters_later(home: Home) -> None:
    for event in (Began("x", "Starting x"), Fetched(1, 2, 3), Finished("x", "x answers", 1.0), Notice("x died")):
        log_event(home, event)
    lines = home.log.read_text().splitlines()
    assert [line.split("Z ")[1] for line in lines] == ["x answers (1.0 s)", "x died"]
