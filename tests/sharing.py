"""How several processes share the tests: what needs the same slow service is one whole, which one process runs."""

# xdist is typed but ships no marker that says so.
# pyright: reportMissingTypeStubs=false

from collections.abc import Sequence

import pytest
from xdist.scheduler import LoadScopeScheduling

#: Folders and files whose tests share a service that is slow to start, by a name for it; the longest first. Elsewhere
#: each file is a whole.
TOGETHER = {
    "doxa": ("tests/clients/", "tests/importers/", "tests/api/test_isolation.py"),
    "api": ("tests/api/",),
    "archive": ("tests/archive/",),
    "story": ("tests/story/",),
    "telemetry": ("tests/telemetry/",),
}
#: Then the other folders, again the longest first, so that all processes end at about the same time.
AFTERWARDS = ("engine", "workers", "graph", "models", "packaging", "unit")


class Wholes(LoadScopeScheduling):
    """Gives each process one whole after another, in the order in which they were collected."""

    def _split_scope(self, nodeid: str) -> str:
        return whole(nodeid)


def whole(nodeid: str) -> str:
    """The name of the whole that a test belongs to."""
    file = nodeid.split("::")[0]
    return next((name for name, places in TOGETHER.items() if file.startswith(places)), file)


def in_order(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Tests whole by whole, in the order in which these are to begin."""
    known = [*TOGETHER, *AFTERWARDS]

    def place(item: pytest.Item) -> tuple[int, str]:
        name = whole(item.nodeid)
        folder = name.split("/")[1] if "/" in name else name
        return known.index(folder) if folder in known else len(known), name

    return sorted(items, key=place)
