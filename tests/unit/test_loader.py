"""Query files say of themselves what is true, or are refused with their name."""

import pytest

from cypher.loader import CypherFileFault, load, names, parse, used_parameters

GOOD = """// Finds one thing.
// access: read
// returns: maybe
// scope: workspace
// parameters: workspace_id, id
MATCH (n:Thing {workspace_id: $workspace_id, id: $id})
RETURN n.id AS id
"""


def test_a_file_is_taken_apart() -> None:
    file = parse("things/get", GOOD)
    assert (file.purpose, file.access, file.returns, file.scope) == ("Finds one thing.", "read", "maybe", "workspace")
    assert file.parameters == ("workspace_id", "id")
    assert file.text.startswith("MATCH")
    assert not file.where_slot


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("// Finds one thing.\n", "", "purpose"),
        ("access: read", "access: peek", "header"),
        ("// returns: maybe\n", "", "returns"),
        ("parameters: workspace_id, id", "parameters: workspace_id", "undeclared: \\['id'\\]"),
        ("parameters: workspace_id, id", "parameters: workspace_id, id, more", "unused: \\['more'\\]"),
        ("$workspace_id", "'x'", "unused: \\['workspace_id'\\]"),
        ("RETURN", "WHERE {{where}} RETURN", "slot"),
        ("// scope: workspace\n// parameters: workspace_id, id", "// scope: workspace\n// slots: where", "undeclared"),
    ],
)
def test_a_file_that_breaks_a_rule_is_refused_by_name(old: str, new: str, sentence: str) -> None:
    with pytest.raises(CypherFileFault, match=f"things/get.*{sentence}"):
        parse("things/get", GOOD.replace(old, new))


def test_a_workspace_query_that_does_not_use_the_workspace_is_refused() -> None:
    source = "// Lists all.\n// access: read\n// returns: many\n// scope: workspace\nMATCH (n) RETURN n.id AS id\n"
    with pytest.raises(CypherFileFault, match="must use \\$workspace_id"):
        parse("things/all", source)


def test_parameters_in_comments_and_strings_do_not_count() -> None:
    assert used_parameters("RETURN $a, '$b', \"$c\" // $d\n/* $e */ + $f") == {"a", "f"}


def test_a_missing_file_is_named() -> None:
    with pytest.raises(CypherFileFault, match="no/such"):
        load("no/such")


def test_every_file_of_the_package_is_sound() -> None:
    for name in names():
        assert load(name).purpose
