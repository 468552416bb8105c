"""Processes are started in order, started again when they die, and nothing of them is ever left."""

import os
import re
import signal
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from app.engine.child import Process
from app.engine.errors import StartFault
from app.engine.events import Event, Finished, Notice
from app.engine.probe import Alive, Logged
from app.engine.reaper import marked, new_marker
from app.engine.record import PartRecord
from app.engine.supervisor import Policy, Supervisor
from tests.engine.parts import STUBBORN, lives, part, until

QUICK = Policy(first_seconds=0.05, cap_seconds=0.2, failing_after=3)


class Stage:
    """A supervisor with what it told."""

    def __init__(self, directory: Path, processes: tuple[Process, ...], policy: Policy) -> None:
        self.marker = new_marker(directory)
        self.events: list[Event] = []
        self.supervisor = Supervisor(processes, self.marker, self.events.append, policy=policy)

    def part(self, name: str) -> PartRecord:
        return next(part for part in self.supervisor.parts if part.name == name)

    def pid(self, name: str) -> int:
        pid = self.part(name).pid
        assert pid is not None, f"{name} does not run"
        return pid

    def step(self) -> bool:
        self.supervisor.step()
        return True

    @property
    def notices(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, Notice)]


@contextmanager
def stage(directory: Path, *processes: Process, policy: Policy = QUICK) -> Generator[Stage]:
    made = Stage(directory, processes, policy)
    try:
        yield made
    finally:
        made.supervisor.stop()
        assert marked(made.marker) == [], "processes are left"


def test_a_part_starts_only_when_those_before_it_answer(tmp_path: Path) -> None:
    slow = part(tmp_path, "slow", ready=Alive(0.5))
    first = part(tmp_path, "first")
    last = part(tmp_path, "last", after=("slow", "first"))
    with stage(tmp_path, last, slow, first) as made:
        assert made.supervisor.start()
        answered = [event.text for event in made.events if isinstance(event, Finished)]
        assert answered == ["first answers", "slow answers", "last answers"]


def test_a_part_may_start_when_the_one_before_it_nearly_answers(tmp_path: Path) -> None:
    code = "import time; print('half', flush=True); time.sleep(1); print('whole', flush=True); time.sleep(600)"
    early = msgspec.structs.replace(part(tmp_path, "early", code, ready=Logged("whole")), nearly_ready=Logged("half"))
    with stage(tmp_path, early, part(tmp_path, "late", after=("early",))) as made:
        assert made.supervisor.start()
        answered = [event.text for event in made.events if isinstance(event, Finished)]
        assert answered == ["late answers", "early answers"]


def test_a_part_that_waits_for_another_is_not_given_up_before_that_one_answers(tmp_path: Path) -> None:
    code = "import time; print('half', flush=True); time.sleep(3); print('whole', flush=True); time.sleep(600)"
    slow = msgspec.structs.replace(part(tmp_path, "slow", code, ready=Logged("whole")), nearly_ready=Logged("half"))
    waits = "import time; time.sleep(4); print('up', flush=True); time.sleep(600)"
    waiting = part(tmp_path, "waiting", waits, ready=Logged("up"), after=("slow",), start_seconds=2.5)
    with stage(tmp_path, slow, waiting) as made:
        assert made.supervisor.start()
        assert [made.part(name).restarts for name in ("slow", "waiting")] == [0, 0]


def test_a_part_that_is_killed_is_started_again_and_reported(tmp_path: Path) -> None:
    with stage(tmp_path, part(tmp_path, "one"), part(tmp_path, "two")) as made:
        made.supervisor.start()
        before, other = made.pid("one"), made.pid("two")
        os.kill(before, signal.SIGKILL)
        until(lambda: made.step() and made.part("one").restarts == 1 and made.supervisor.all_answer, "it runs again")
        assert made.pid("one") != before
        assert made.pid("two") == other
        assert "one was ended by SIGKILL" in made.notices[0]
        assert "starting it again in 0.1 s" in made.notices[0] or "starting it again in 0.0 s" in made.notices[0]
        assert "one answers again" in made.notices[1]


def test_a_part_that_answers_but_is_of_no_more_use_is_started_anew_and_one_that_is_well_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.engine.supervisor.RENEW_SECONDS", 0.05)
    flag = tmp_path / "spent"
    code = f"""
import pathlib, time
while True:
    time.sleep(0.05)
    if pathlib.Path({str(flag)!r}).exists():
        print("spent", flush=True)
"""
    spent = part(tmp_path, "store", code, renew=Logged("spent"))
    well = part(tmp_path, "other", renew=Logged("spent"))
    with stage(tmp_path, spent, well) as made:
        made.supervisor.start()
        before, other = made.pid("store"), made.pid("other")
        flag.touch()
        until(lambda: made.step() and made.part("store").restarts == 1, "it is started anew")
        flag.unlink()
        until(lambda: made.step() and made.supervisor.all_answer, "it runs again")
        assert made.pid("store") != before
        assert not lives(before)
        assert (made.pid("other"), made.part("other").restarts) == (other, 0)
        assert "store ran but could do no more work, and was ended" in made.notices[0]


def test_the_pause_doubles_up_to_its_cap() -> None:
    policy = Policy(first_seconds=0.5, cap_seconds=30.0)
    assert [policy.pause(deaths) for deaths in (1, 2, 3, 4, 6, 7, 8, 1000)] == [0.5, 1, 2, 4, 16, 30, 30, 30]


def test_a_part_that_keeps_dying_is_called_failing_and_still_started_again(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    code = f"import os, time\nif os.path.exists({str(broken)!r}): raise SystemExit('no such luck')\ntime.sleep(600)"
    with stage(tmp_path, part(tmp_path, "one", code, ready=Alive(0.3))) as made:
        made.supervisor.start()
        broken.touch()
        os.kill(made.pid("one"), signal.SIGKILL)
        until(lambda: made.step() and made.part("one").state == "failing", "it is failing")
        assert "no such luck" in made.part("one").detail
        assert any("3th time in a row" in notice for notice in made.notices)
        broken.unlink()
        until(lambda: made.step() and made.supervisor.all_answer, "it runs again")


def test_deaths_count_anew_once_a_part_has_been_stable(tmp_path: Path) -> None:
    policy = Policy(first_seconds=0.01, failing_after=2, stable_seconds=0.3)
    with stage(tmp_path, part(tmp_path, "one"), policy=policy) as made:
        made.supervisor.start()
        for restarts in (1, 2, 3):
            os.kill(made.pid("one"), signal.SIGKILL)
            until(lambda n=restarts: made.step() and made.part("one").restarts == n, "it is started again")
            until(lambda: made.step() and made.supervisor.all_answer, "it runs again")
            time.sleep(policy.stable_seconds + 0.05)
            made.step()
        assert not any("in a row" in notice for notice in made.notices)


def test_a_start_that_half_fails_leaves_nothing_and_says_why(tmp_path: Path) -> None:
    good = part(tmp_path, "good", STUBBORN, ready=Logged("child"), stop_seconds=0.3)
    bad = part(tmp_path, "bad", "print('the reason'); raise SystemExit(7)", ready=Logged("never"), after=("good",))
    with stage(tmp_path, good, bad) as made:
        with pytest.raises(StartFault) as caught:
            made.supervisor.start()
        assert str(caught.value) == f"bad ended with code 7 (the reason); see {tmp_path / 'bad.log'}"
        assert marked(made.marker) == []


def test_the_reason_is_found_above_what_a_server_says_last(tmp_path: Path) -> None:
    code = "print('Traceback ...\\n  File\\nImportError: no name\\n[INFO] see ya!', flush=True); raise SystemExit(1)"
    with (
        stage(tmp_path, part(tmp_path, "bad", code, ready=Logged("never"))) as made,
        pytest.raises(StartFault) as caught,
    ):
        made.supervisor.start()
    assert "bad ended with code 1 (ImportError: no name)" in str(caught.value)


def test_a_part_that_never_answers_fails_the_start(tmp_path: Path) -> None:
    mute = part(tmp_path, "mute", ready=Logged("never"), start_seconds=0.4)
    with stage(tmp_path, mute) as made, pytest.raises(StartFault, match="mute did not answer within 0 s"):
        made.supervisor.start()


def test_a_command_that_is_not_there_fails_the_start(tmp_path: Path) -> None:
    absent = msgspec.structs.replace(part(tmp_path, "absent", ready=Logged("never")), argv=("/no/such",))
    with stage(tmp_path, absent) as made, pytest.raises(StartFault, match="/no/such cannot be run: No such file"):
        made.supervisor.start()


def test_an_order_on_an_unknown_part_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StartFault, match="b is to start after a, which is not among the processes"):
        Supervisor((part(tmp_path, "b", after=("a",)),), "x", lambda event: None)


def test_a_start_can_be_abandoned(tmp_path: Path) -> None:
    with stage(tmp_path, part(tmp_path, "one", ready=Logged("never"))) as made:
        asked = iter((False, False, True))
        assert made.supervisor.start(abandon=lambda: next(asked)) is False
        assert marked(made.marker) == []


def test_parts_stop_in_reverse_order(tmp_path: Path) -> None:
    with stage(tmp_path, part(tmp_path, "base"), part(tmp_path, "top", after=("base",))) as made:
        made.supervisor.start()
        made.events.clear()
        made.supervisor.stop()
        assert [event.text for event in made.events if isinstance(event, Finished)] == ["top stopped", "base stopped"]


def test_only_the_leader_is_asked_to_stop(tmp_path: Path) -> None:
    inner = "import signal, sys, time; signal.signal(15, lambda *_: print('inner heard', flush=True)); time.sleep(600)"
    code = (
        "import signal, subprocess, sys, time\n"
        f"child = subprocess.Popen([sys.executable, '-c', {inner!r}])\n"
        "signal.signal(15, lambda *_: (print('outer heard', flush=True), time.sleep(0.3), sys.exit(0)))\n"
        "time.sleep(0.5); print('up', flush=True); time.sleep(600)"
    )
    with stage(tmp_path, part(tmp_path, "one", code, ready=Logged("up"))) as made:
        made.supervisor.start()
        made.supervisor.stop()
        said = (tmp_path / "one.log").read_text()
        assert "outer heard" in said
        assert "inner heard" not in said


def test_what_does_not_stop_is_ended_with_all_it_started(tmp_path: Path) -> None:
    stubborn = part(tmp_path, "one", STUBBORN, ready=Logged("child"), stop_seconds=0.3)
    with stage(tmp_path, stubborn) as made:
        made.supervisor.start()
        found = re.search(r"child (\d+)", (tmp_path / "one.log").read_text())
        assert found is not None
        assert lives(int(found[1]))
        made.supervisor.stop()
        assert not lives(int(found[1]))


def test_what_a_dead_part_had_started_is_ended_before_it_starts_again(tmp_path: Path) -> None:
    with stage(tmp_path, part(tmp_path, "one", STUBBORN, ready=Logged("child"))) as made:
        made.supervisor.start()
        found = re.search(r"child (\d+)", (tmp_path / "one.log").read_text())
        assert found is not None
        os.kill(made.pid("one"), signal.SIGKILL)
        until(lambda: made.step() and made.part("one").restarts == 1, "it is started again")
        assert not lives(int(found[1]))
