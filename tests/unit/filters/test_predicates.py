"""The text of a predicate comes from a closed vocabulary and suits the indexes; values are parameters."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import Invalid
from graph.filters import Resource, compile_filter, plain_string
from graph.filters.columns import COLUMNS

TOKEN = re.compile(r"'[^']*'|\$?\w+(?:\.\w+)?|<>|[<>]=?|\S")
KNOWN = re.compile(
    r"""AND | OR | NOT | IN | IS | NULL | null | true | false | any | all | coalesce | size | substring | toLower
      | replace | CONTAINS | STARTS | WITH | WHERE | CASE | WHEN | THEN | ELSE | END | [()\[\],|+]
      | [<>]=? | <> | = | [01]
      | 'pending' | 'synced' | '\\u03c[23]' | f_t | f_x | f_e[0-9]+ | \$f_[0-9]+
      | n | - | : | DERIVED_FROM | f_premise(\.id)? | Conclusion
      | n\.(id | workspace_id | session_id | peer_id | observer_id | observed_id | level | content | embedding
      | created_at | is_active | token_count | times_derived | metadata_terms)""",
    re.VERBOSE,
)

nasty = st.text(max_size=6) | st.sampled_from(
    ["n.x", "$f_0", "' OR true //", "`", "}) DETACH DELETE n", "\\u0027", "{n}"]
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | nasty,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            nasty | st.sampled_from(["gte", "ne", "in", "contains", "AND", "OR", "NOT"]), inner, max_size=3
        )
    ),
    max_leaves=10,
)


@given(
    resource=st.sampled_from(list(Resource)),
    chosen=st.dictionaries(st.sampled_from(sorted({key for keys in COLUMNS.values() for key in keys})), json_values),
    groups=st.dictionaries(st.sampled_from(["AND", "OR", "NOT"]), json_values, max_size=1),
)
def test_whatever_comes_in_is_refused_or_becomes_closed_text(
    resource: Resource, chosen: dict[str, object], groups: dict[str, object]
) -> None:
    known = {key: value for key, value in chosen.items() if key in COLUMNS[resource]}
    for filters in ({**known, **groups}, *({key: value} for key, value in known.items())):
        try:
            compiled = compile_filter(resource, filters)
        except Invalid as refused:
            assert refused.detail.startswith("filters")
            continue
        assert [token for token in TOKEN.findall(compiled.text) if not KNOWN.fullmatch(token)] == []
        assert set(re.findall(r"\$(\w+)", compiled.text)) == set(compiled.parameters)


@pytest.mark.parametrize("raw", [None, {}, {"AND": []}, {"metadata": {}}, {"peer_id": "*"}, {"peer_id": {"ne": "*"}}])
def test_a_filter_that_asks_nothing_is_true(raw: object) -> None:
    compiled = compile_filter(Resource.MESSAGE, raw)
    assert (compiled.text, dict(compiled.parameters)) == ("true", {})


@pytest.mark.parametrize(
    ("filters", "text", "parameters"),
    [
        ({"peer_id": "alice"}, "m.peer_id = $f_0", {"f_0": "alice"}),
        ({"peer_id": ["a", "b"]}, "m.peer_id IN $f_0", {"f_0": ["a", "b"]}),
        ({"token_count": {"gte": "7.5"}}, "m.token_count >= $f_0", {"f_0": 8}),
        (
            {"created_at": {"gte": "2024-05-01", "lt": "2024-05-02T00:00+02:00"}, "session_id": "s"},
            "m.created_at >= $f_0 AND m.created_at < $f_1 AND m.session_id = $f_2",
            {"f_0": datetime(2024, 5, 1, tzinfo=UTC), "f_1": datetime(2024, 5, 1, 22, tzinfo=UTC), "f_2": "s"},
        ),
        ({"metadata": {"k": 1}}, "$f_0 IN m.metadata_terms", {"f_0": "/k=n1"}),
    ],
)
def test_plain_comparisons_stay_bare_so_that_an_index_can_serve_them(
    filters: object, text: str, parameters: dict[str, object]
) -> None:
    compiled = compile_filter(Resource.MESSAGE, filters, variable="m")
    assert (compiled.text, dict(compiled.parameters)) == (text, parameters)


def test_the_text_depends_on_the_shape_of_the_filter_alone() -> None:
    one = compile_filter(Resource.MESSAGE, {"peer_id": "a", "metadata": {"k": {"gt": 1}}})
    other = compile_filter(Resource.MESSAGE, {"peer_id": "b", "metadata": {"j": {"gt": 99}}})
    assert one.text == other.text
    assert one.parameters != other.parameters


def test_an_alternative_at_the_root_is_bracketed_so_that_more_can_be_added_to_it() -> None:
    compiled = compile_filter(Resource.MESSAGE, {"OR": [{"peer_id": "a"}, {"session_id": "s"}]})
    assert compiled.text == "(n.peer_id = $f_0 OR n.session_id = $f_1)"


def test_a_variable_must_be_a_plain_name() -> None:
    for wrong in ("n.x", "n) OR (n", "", "1n"):
        with pytest.raises(ValueError, match="is no variable"):
            compile_filter(Resource.PEER, {}, variable=wrong)


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (None, None),
        ({}, None),
        ([], None),
        ({"observer": "a"}, "a"),
        ({"observer_id": "b"}, "b"),
        ({"observer": "a", "observer_id": "b"}, "b"),
        ({"observer": "*", "observer_id": ["b"]}, None),
        ({"observer": {"ne": "a"}}, None),
        ({"observer": 5}, None),
        ({"AND": [{"observer": "a"}]}, None),
    ],
)
def test_a_plain_string_is_read_at_the_root_only(raw: object, found: str | None) -> None:
    assert plain_string(raw, "observer_id", "observer") == found
