"""Imports over a connection that fails: no gap, no double, and a second run completes what was begun."""

import signal
import subprocess
import sys
from itertools import cycle

import pytest

from app.importers.errors import Unreachable
from tests.importers.unsteady import Fate, unsteady
from tests.importers.workbench import Live, contents, said
from tests.live import eventually

pytestmark = pytest.mark.engine

FATES: list[list[Fate]] = [
    ["lose the answer"],
    ["lose the request"],
    ["busy"],
    ["be late"],
    ["pass", "lose the answer", "pass", "lose the request", "busy", "lose the answer"],
]


@pytest.mark.parametrize("fates", FATES)
def test_lost_requests_and_answers_leave_no_gap_and_no_double(live: Live, fates: list[Fate]) -> None:
    path = live.write(*(said(f"line {n}") for n in range(450)))
    with unsteady(live.url, iter(fates)) as url:
        done = live.load(path, url)
    assert contents(live.messages("s")) == [f"line {n}" for n in range(450)]
    assert done.written.added == 450


def test_what_goes_wrong_each_second_time_still_ends_well(live: Live) -> None:
    path = live.write(*(said(f"line {n}") for n in range(450)))
    turns: list[Fate] = ["pass", "lose the answer"]
    with unsteady(live.url, cycle(turns)) as url:
        live.load(path, url)
    assert contents(live.messages("s")) == [f"line {n}" for n in range(450)]


def test_a_service_that_goes_away_leaves_an_import_that_a_second_run_completes(live: Live) -> None:
    path = live.write(*(said(f"line {n}", session=f"s{n // 150}") for n in range(450)))
    gone: list[Fate] = ["lose the request"]
    begun: list[Fate] = ["pass", "pass", "pass"]
    with unsteady(live.url, iter(begun + gone * 50)) as url, pytest.raises(Unreachable, match="same import again"):
        live.load(path, url)
    assert 0 < sum(len(live.messages(session)) for session in live.sessions()) < 450
    done = live.load(path)
    assert (done.written.added, done.written.present) == (200, 250)
    for session in range(3):
        assert contents(live.messages(f"s{session}")) == [
            f"line {n}" for n in range(session * 150, session * 150 + 150)
        ]


def test_ctrl_c_keeps_what_is_written_and_a_second_run_goes_on(live: Live) -> None:
    path = live.write(*(said(f"line {n}") for n in range(450)))
    gone: list[Fate] = ["lose the request"]
    begun: list[Fate] = ["pass", "pass"]
    with unsteady(live.url, iter(begun + gone * 50)) as url:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.cli.main", "import", str(path), "--workspace", live.workspace, "--url", url],
            stderr=subprocess.PIPE,
            text=True,
            # Tests that run in the background were started deaf to Ctrl-C, and a child inherits that.
            preexec_fn=hear_ctrl_c,
        )
        eventually(lambda: len(live.messages("s")) == 200, "two batches are stored")
        process.send_signal(signal.SIGINT)
        _, text = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Stopped. What was written stays; run the same import again" in text
    assert live.load(path).written.added == 250
    assert contents(live.messages("s")) == [f"line {n}" for n in range(450)]


def hear_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
