"""Waits until everything that was written has been reasoned over."""

import time

from app.importers.errors import NotReasoned
from app.importers.progress import Report
from app.importers.service import Service

POLL_SECONDS = 0.5
STALL_SECONDS = 60.0


def wait_for_reasoning(service: Service, workspace: str, report: Report) -> float:
    """Waits until the workspace has no open reasoning work; seconds it took.

    Where nothing moves for a minute it says so, and goes on waiting: what is written is kept and will be reasoned over.

    Args:
        service: The running Doxa.
        workspace: Whose work to wait for.
        report: Told how much is done.

    Raises:
        Unreachable: The service went away.
        NotReasoned: Nothing is under way any more, but some work failed for good.
    """
    begun = moved = time.monotonic()
    status = service.queue_status(workspace)
    left = most = status.open
    with report.stage("Reasoning", most) as stage:
        while left:
            stage.reached(most - left, most)
            service.pause(POLL_SECONDS)
            status = service.queue_status(workspace)
            before, left = left, status.open
            most = max(most, left)
            if left != before:
                moved = time.monotonic()
            elif time.monotonic() - moved > STALL_SECONDS:
                moved = time.monotonic()
                report.say(f"Nothing has moved for {STALL_SECONDS:.0f} s, {left} pending: do the workers run?")
    if status.failed_work_units:
        raise NotReasoned(
            f"{status.failed_work_units} messages are written, but could not be reasoned over: see `doxa logs workers`"
        )
    return time.monotonic() - begun
