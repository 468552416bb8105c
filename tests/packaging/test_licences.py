import re
import tomllib
from collections.abc import Iterator
from hashlib import sha256

from tests.packaging.locks import DEVELOPMENT, INSTALLER, RUNTIME, pins
from tests.packaging.tree import ROOT

ROW = re.compile(r"\| ([a-z0-9][a-z0-9-]*) \| (\S[^|]*) \| (\S[^|]*) \|")


def sections() -> dict[str, str]:
    """The document's sections by heading."""
    text = (ROOT / "docs/licences.md").read_text(encoding="utf-8")
    parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def listed(heading: str) -> Iterator[str]:
    for match in ROW.finditer(sections()[heading]):
        if match[1] != "distribution":
            yield match[1]


def test_the_licence_is_the_apache_licence_word_for_word() -> None:
    # SHA-256 of the text that the Apache Software Foundation publishes.
    expected = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
    assert sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == expected


def test_every_distribution_that_users_fetch_is_listed_with_its_licence() -> None:
    assert sorted(listed("Fetched at set-up: Python distributions")) == sorted({pin.name for pin in pins(RUNTIME)})


def test_every_distribution_that_only_developers_fetch_is_listed_with_its_licence() -> None:
    runtime = {pin.name for pin in pins(RUNTIME)}
    wanted = {pin.name for lock in (DEVELOPMENT, INSTALLER) for pin in pins(lock)} - runtime
    assert sorted(listed("Fetched for the tests and checks only")) == sorted(wanted)


def test_the_engine_that_is_listed_is_the_one_that_is_fetched() -> None:
    lock = tomllib.loads((ROOT / "app/engine/jgo.lock.toml").read_text(encoding="utf-8"))["dependencies"]
    text = sections()["Fetched at the first start: the engine"]
    versions = {jar["artifactId"]: jar["version"] for jar in lock}
    assert f"Neo4j Community {versions['neo4j']}" in text
    assert f"Neo4j Browser {versions['neo4j-browser']}" in text
    assert f"The {len(lock)} jars" in text
