"""Whatever is done to two workspaces with equal names inside, no read of one ever shows the other's ids or text."""

import re
from collections.abc import Sequence

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from graph.ids import new_id
from tests.api.access_table import TABLE
from tests.api.isolation import STEPS, Side, Step, all_ids, begin, by_id, do, reads
from tests.live import Live, eventually

pytestmark = pytest.mark.engine

#: What reads nothing of a workspace: writes, and keys. Everything else must be among the reads.
WRITES = {
    ("POST", "/v3/workspaces"),
    ("POST", "/v3/workspaces/list"),
    ("POST", "/v3/keys"),
    ("PUT", ""),
    ("DELETE", ""),
    ("POST", "/schedule_dream"),
    ("POST", "/peers"),
    ("PUT", "/peers/{}"),
    ("DELETE", "/peers/{}"),
    ("PUT", "/peers/{}/card"),
    ("POST", "/sessions"),
    ("PUT", "/sessions/{}"),
    ("DELETE", "/sessions/{}"),
    ("POST", "/sessions/{}/peers"),
    ("PUT", "/sessions/{}/peers"),
    ("DELETE", "/sessions/{}/peers"),
    ("PUT", "/sessions/{}/peers/{}/config"),
    ("POST", "/sessions/{}/messages"),
    ("POST", "/sessions/{}/messages/upload"),
    ("POST", "/scopes"),
    ("POST", "/scopes/{}/sessions"),
    ("DELETE", "/scopes/{}/sessions/{}"),
    ("POST", "/conclusions"),
    ("POST", "/webhooks"),
    ("GET", "/webhooks/test"),
    ("POST", "/queue/flush"),
    ("POST", "/queue/replay"),
}


def two_sides(client: httpx.Client) -> tuple[Side, Side]:
    fresh = new_id().replace("_", "a").replace("-", "b").lower()[:8]
    made: list[Side] = []
    for place, tree in enumerate(("Alder", "Birch")):
        name = f"isolated-{new_id()}-{place}"
        assert client.post("/v3/workspaces", json={"id": name}).status_code == 201
        made.append(Side(client, f"/v3/workspaces/{name}", f"{tree}{fresh}"))
    return made[0], made[1]


# Not made smaller on failure: an example takes seconds, and what it read is said already.
@settings(max_examples=3, deadline=None, phases=(Phase.generate,), suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(STEPS, min_size=8, max_size=16))
def test_no_read_of_one_workspace_shows_the_other(live_doxa: Live, steps: Sequence[Step]) -> None:
    with httpx.Client(base_url=live_doxa.url, timeout=60) as client:
        sides = two_sides(client)
        for side in sides:
            begin(side)
        for step in steps:
            do(sides[step.side], step)
        for side in sides:
            eventually(lambda side=side: idle(side), "the workspace is reasoned over")
        ids = [all_ids(side) for side in sides]

        for mine, other, foreign in ((sides[0], sides[1], ids[1]), (sides[1], sides[0], ids[0])):
            for verb, path, body in reads(mine, other.mark):
                response = mine.call(verb, path, body)
                assert response.status_code in (200, 404), f"{verb} {path}: {response.text}"
                if response.status_code == 200:
                    # An answer's evidence repeats the question, in the caller's own words.
                    text = response.text.replace(f"What of {other.mark}?", "")
                    assert other.mark.lower() not in text.lower(), f"{verb} {path} shows the other's text: {text}"
                    assert other.base.rpartition("/")[2] not in text, f"{verb} {path} names the other workspace"
                    shown = [one for one in foreign if one in text]
                    assert not shown, f"{verb} {path} shows the other's {shown}"

        for mine, other in (sides, sides[::-1]):
            before = all_ids(other)
            for verb, path, body in by_id(other.ids):
                assert mine.call(verb, path, body).status_code == 404, f"{verb} {path} reaches the other workspace"
            assert all_ids(other) == before


@pytest.mark.parametrize("step", ["say", "state", "card"])
def test_each_workspace_shows_its_own(live_doxa: Live, step: str) -> None:
    """The property above would hold for a service that shows nothing: what was written is found."""
    with httpx.Client(base_url=live_doxa.url, timeout=60) as client:
        mine, other = two_sides(client)
        begin(mine)
        begin(other)
        do(mine, Step(0, step, "ann", "ann", "first", "I live in {mark}."))
        eventually(lambda: idle(mine), "the workspace is reasoned over")

        found = [mine.call(verb, path, body).text for verb, path, body in reads(mine, mine.mark)]

        assert sum(mine.mark.lower() in text.lower() for text in found) > 4


def test_every_route_under_a_workspace_is_read_or_is_no_read() -> None:
    side = Side(
        httpx.Client(), "", "mark", {"messages": ["m"], "conclusions": ["c"], "webhooks": ["w"], "units": ["u"]}
    )
    seen = {(verb, template(path)) for verb, path, _ in (*reads(side, "words"), *by_id(side.ids))}
    known = {
        (verb, re.sub(r"\{[^}]*\}", "{}", path.removeprefix("/v3/workspaces/{workspace_id}"))) for verb, path in TABLE
    }

    assert seen | WRITES == known
    assert not {route for route in seen & WRITES if route[0] == "GET"}


def template(path: str) -> str:
    """The route of a path that the reads hold: names and ids left open."""
    plain = path.partition("?")[0]
    return re.sub(r"(?<=/)(ann|bob|first|second|wide|m|c|w|u)(?=/|$)", "{}", plain)


def idle(side: Side) -> bool:
    status = side.call("GET", "/queue/status").json()
    return status["pending_work_units"] + status["in_progress_work_units"] == 0
