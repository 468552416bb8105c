"""The table of what archives carry knows every label, type and id that the queries speak of."""

import re
from importlib.resources import files

from cypher.loader import load, names
from graph import archive_table as table

_LABEL = re.compile(r"[(|&]\s*\w*:([A-Z]\w*)((?::[A-Z]\w*)*)|\b\w+:([A-Z][a-z]\w*)")
_TYPE = re.compile(r"\[\w*:([A-Z_|]+)")
_REFERENCE = re.compile(r"\b(\w+)\.(\w+_ids?|uid)\b")
#: Variables that stand for what a caller gives, not for what is stored.
_GIVEN = {"row", "unit", "member", "pair", "source", "author", "piece", "tie", "new"}


def _texts() -> dict[str, str]:
    schema = files("cypher").joinpath("schema")
    found = {name: load(name).text for name in names() if not name.startswith("archive/")}
    found |= {entry.name: entry.read_text() for entry in schema.iterdir() if entry.name.endswith(".cypher")}
    return {name: re.sub(r"//[^\n]*", "", text) for name, text in found.items()}


def test_every_label_that_is_spoken_of_is_carried_or_left_out_on_purpose() -> None:
    beside = frozenset[str]().union(*table.LABELS.values())
    known = set(table.LABELS) | beside | table.LEFT_OUT | set(table.INSTEAD)
    found = {
        (name, label)
        for name, text in _texts().items()
        for match in _LABEL.findall(text)
        for label in (match[0], *match[1].split(":"), match[2])
        if label
    }
    assert len({label for _, label in found}) > 10
    assert sorted((name, label) for name, label in found if label not in known) == []


def test_every_type_of_relationship_that_is_spoken_of_is_carried() -> None:
    found = {
        (name, kind) for name, text in _texts().items() for group in _TYPE.findall(text) for kind in group.split("|")
    }
    assert len({kind for _, kind in found}) > 10
    assert sorted((name, kind) for name, kind in found if kind and kind not in table.RELATIONSHIPS) == []


def test_every_property_that_holds_an_id_is_known_to_stay_or_to_change_in_a_copy() -> None:
    known = {*table.RENAMED, *table.NAMES}
    found = {
        (name, kept)
        for name, text in _texts().items()
        for variable, kept in _REFERENCE.findall(text)
        if variable not in _GIVEN
    }
    assert len({kept for _, kept in found}) > 5
    assert sorted((name, kept) for name, kept in found if kept not in known) == []
