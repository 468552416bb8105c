"""Every malformed filter is refused with a sentence that names the key and the rule."""

import pytest

from graph.errors import Invalid
from graph.filters import Resource, compile_filter
from graph.filters.compiling import MOST_TESTS
from graph.filters.parsing import NESTING

MESSAGE, CONCLUSION = Resource.MESSAGE, Resource.CONCLUSION


def nested(levels: int, group: str = "AND") -> object:
    filters: object = {"peer_id": "alice"}
    for _ in range(levels):
        filters = {group: [filters]}
    return filters


FORBIDDEN = {
    Resource.WORKSPACE: ["workspace_id", "session_id", "peer_id", "is_active", "configuration", "name", "and"],
    Resource.PEER: ["session_id", "peer_id", "is_active", "configuration", "internal_metadata", "h_metadata", "or"],
    Resource.SESSION: ["session_id", "peer_id", "token_count", "configuration", "internal_metadata", "not"],
    Resource.MESSAGE: ["id", "content", "configuration", "internal_metadata", "h_metadata", "seq", "peer_perspective"],
    Resource.CONCLUSION: ["peer_id", "token_count", "is_active", "configuration", "embedding", "h_metadata", "And"],
}


REFUSED: list[tuple[Resource, object, str]] = [
    (MESSAGE, [], "filters must be an object"),
    (MESSAGE, "x", "filters must be an object"),
    (MESSAGE, {"AND": {"peer_id": "a"}}, "filters.AND must be a list of filters"),
    (MESSAGE, {"OR": "x"}, "filters.OR must be a list of filters"),
    (MESSAGE, {"NOT": None}, "filters.NOT must be a list of filters"),
    (MESSAGE, {"NOT": {}}, "filters.NOT must be a list of filters"),
    (MESSAGE, {"AND": [{}, "x"]}, "filters.AND[1] must be an object"),
    (MESSAGE, {"OR": [{"NOT": [None]}]}, "filters.OR[0].NOT[0] must be an object"),
    (MESSAGE, {"OR": [{"peer_id": 5}]}, "filters.OR[0].peer_id must be a string"),
    (MESSAGE, {"peer_id": True}, "filters.peer_id must be a string"),
    (MESSAGE, {"peer_id": {"gte": 5}}, "filters.peer_id.gte must be a string"),
    (MESSAGE, {"peer_id": ["a", None]}, "filters.peer_id[1] must be a string"),
    (MESSAGE, {"peer_id": [["a"]]}, "filters.peer_id[0] must be a string"),
    (MESSAGE, {"peer_id": {"in": "alice"}}, "filters.peer_id.in must be a list"),
    (MESSAGE, {"peer_id": {"in": None}}, "filters.peer_id.in must be a list"),
    (MESSAGE, {"peer_id": {"in": {"a": 1}}}, "filters.peer_id.in must be a list"),
    (MESSAGE, {"peer_id": {"gte": None}}, "filters.peer_id.gte: only ne may be compared with null"),
    (MESSAGE, {"peer_id": {"contains": None}}, "filters.peer_id.contains: only ne may be compared with null"),
    (MESSAGE, {"peer_id": {"contains": 5}}, "filters.peer_id.contains must be a string"),
    (MESSAGE, {"peer_id": {"icontains": ["a"]}}, "filters.peer_id.icontains must be a string"),
    (MESSAGE, {"peer_id": {}}, "filters.peer_id must be a value, a list or an object of operators"),
    (MESSAGE, {"peer_id": {"eq": "a"}}, "filters.peer_id must be a value, a list or an object of operators"),
    (MESSAGE, {"peer_id": {"ne": "a", "eq": "a"}}, "filters.peer_id.eq is no operator; the operators are gte, "),
    (MESSAGE, {"peer_id": "\ud83d"}, "filters.peer_id must be valid Unicode text"),
    (MESSAGE, {"token_count": "five"}, "filters.token_count must be a number or a string that reads as one"),
    (MESSAGE, {"token_count": ""}, "filters.token_count must be a number"),
    (MESSAGE, {"token_count": "nan"}, "filters.token_count must be a number"),
    (MESSAGE, {"token_count": float("nan")}, "filters.token_count must be a number"),
    (MESSAGE, {"token_count": float("inf")}, "filters.token_count must be a number"),
    (MESSAGE, {"token_count": {"gte": []}}, "filters.token_count.gte must be a number"),
    (MESSAGE, {"token_count": [1, "x"]}, "filters.token_count[1] must be a number"),
    (MESSAGE, {"token_count": {"contains": "5"}}, "filters.token_count.contains: only text can be searched"),
    (MESSAGE, {"created_at": {"icontains": "2024"}}, "filters.created_at.icontains: only text can be searched"),
    (MESSAGE, {"created_at": 5}, "filters.created_at must be an ISO 8601 date"),
    (MESSAGE, {"created_at": True}, "filters.created_at must be an ISO 8601 date"),
    (MESSAGE, {"created_at": "yesterday"}, "filters.created_at must be an ISO 8601 date"),
    (MESSAGE, {"created_at": {"lt": "2024-13-01"}}, "filters.created_at.lt must be a date and time that exist"),
    (MESSAGE, {"created_at": "0001-01-01T00:00:00+14:00"}, "filters.created_at must be a date and time that exist"),
    (MESSAGE, {"metadata": 5}, "filters.metadata must be an object, a list, null or '*'"),
    (MESSAGE, {"metadata": "x"}, "filters.metadata must be an object, a list, null or '*'"),
    (MESSAGE, {"metadata": {"gte": 1}}, "filters.metadata.gte: the whole of a JSON column knows only the operator"),
    (MESSAGE, {"metadata": {"in": ["a"]}}, "filters.metadata.in: the whole of a JSON column knows only"),
    (MESSAGE, {"metadata": {"ne": None}}, "filters.metadata.ne: the whole of a JSON column knows only"),
    (MESSAGE, {"metadata": {"contains": "x"}}, "filters.metadata.contains must be an object or a list"),
    (MESSAGE, {"metadata": {"contains": {}, "k": 1}}, "filters.metadata.k is no operator"),
    (MESSAGE, {"metadata": {"k": {"gte": 1, "a": 1}}}, "filters.metadata.k.a is no operator"),
    (MESSAGE, {"metadata": {"k": {"gte": None}}}, "filters.metadata.k.gte: only ne may be compared with null"),
    (MESSAGE, {"metadata": {"k": {"lt": [1]}}}, "filters.metadata.k.lt must be a string, a number, true or false"),
    (MESSAGE, {"metadata": {"k": {"contains": {}}}}, "filters.metadata.k.contains must be a string, a number"),
    (MESSAGE, {"metadata": {"k": {"in": "x"}}}, "filters.metadata.k.in must be a list"),
    (MESSAGE, {"metadata": {"k": {"in": ["a", None]}}}, "filters.metadata.k.in[1] must be a string, a number"),
    (MESSAGE, {"metadata": {"k": float("inf")}}, "filters.metadata must hold finite numbers only"),
    (MESSAGE, {"metadata": {"k": {"gte": float("nan")}}}, "filters.metadata must hold finite numbers only"),
    (MESSAGE, {"metadata": {"k": "\udc00"}}, "filters.metadata must be valid Unicode text"),
    (MESSAGE, {"metadata": {"\udc00": 1}}, "filters.metadata must be valid Unicode text"),
    (Resource.SESSION, {"is_active": "true"}, "filters.is_active must be true or false"),
    (Resource.SESSION, {"is_active": 1}, "filters.is_active must be true or false"),
    (Resource.SESSION, {"is_active": {"contains": "t"}}, "filters.is_active.contains: only text can be searched"),
    (CONCLUSION, {"level": "vague"}, "filters.level must be one of explicit, deductive, inductive, contradiction"),
    (CONCLUSION, {"level": {"in": ["explicit", 5]}}, "filters.level.in[1] must be one of explicit, deductive"),
    (CONCLUSION, {"level": {"ne": "Explicit"}}, "filters.level.ne must be one of explicit, deductive"),
    (CONCLUSION, {"sync_state": "done"}, "filters.sync_state must be one of synced, pending, failed"),
    (CONCLUSION, {"deleted_at": "never"}, "filters.deleted_at must be an ISO 8601 date"),
    (CONCLUSION, {"source_ids": "x"}, "filters.source_ids must be a list of ids or an object"),
    (CONCLUSION, {"source_ids": 5}, "filters.source_ids must be a list of ids or an object"),
    (CONCLUSION, {"source_ids": {"contains": 5}}, "filters.source_ids.contains must be an id, a list of ids or an"),
    (
        CONCLUSION,
        {"source_ids": {"in": ["x"]}},
        "filters.source_ids.in: source_ids knows only the operator contain",
    ),
    (CONCLUSION, {"times_derived": {"gt": {}}}, "filters.times_derived.gt must be a number"),
]


@pytest.mark.parametrize(
    ("resource", "key"), [(resource, key) for resource in FORBIDDEN for key in FORBIDDEN[resource]]
)
@pytest.mark.parametrize("value", ["x", "*", None, ["x"]])
def test_a_key_that_the_resource_does_not_know_is_refused_whatever_its_value(
    resource: Resource, key: str, value: object
) -> None:
    with pytest.raises(Invalid) as refused:
        compile_filter(resource, {key: value})
    assert refused.value.detail.startswith(f"filters.{key}: a {resource} cannot be filtered by it, only by ")


@pytest.mark.parametrize(("resource", "filters", "sentence"), REFUSED)
def test_a_malformed_filter_is_refused_by_name(resource: Resource, filters: object, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        compile_filter(resource, filters)
    assert refused.value.detail.startswith(sentence)
    assert "\n" not in refused.value.detail


@pytest.mark.parametrize("group", ["AND", "OR", "NOT"])
def test_groups_nest_five_levels_and_no_more(group: str) -> None:
    assert compile_filter(MESSAGE, nested(NESTING, group)).parameters == {"f_0": "alice"}
    with pytest.raises(Invalid, match=rf"\.{group}\[0\]: AND, OR and NOT may nest at most 5 levels deep"):
        compile_filter(MESSAGE, nested(NESTING + 1, group))


def test_an_array_to_be_contained_nests_thirty_two_levels_and_no_more() -> None:
    value: object = 1
    for _ in range(30):
        value = [value]
    compile_filter(MESSAGE, {"metadata": {"k": value}})
    with pytest.raises(Invalid, match=r"filters\.metadata must not nest deeper than 32 levels"):
        compile_filter(MESSAGE, {"metadata": {"k": [[value]]}})


def test_a_filter_of_too_many_conditions_is_refused() -> None:
    most: list[object] = [{"peer_id": f"p{number}"} for number in range(MOST_TESTS)]
    assert len(compile_filter(MESSAGE, {"OR": most}).parameters) == MOST_TESTS
    with pytest.raises(Invalid, match="filters must not hold more than 256 conditions"):
        compile_filter(MESSAGE, {"OR": most, "session_id": "s"})


def test_a_list_of_any_length_is_one_condition() -> None:
    assert compile_filter(MESSAGE, {"peer_id": [f"p{number}" for number in range(10_000)]}).text == "n.peer_id IN $f_0"


def test_an_extra_key_counts_at_the_root_only_and_must_be_a_name() -> None:
    extra = frozenset({"peer_perspective"})
    compiled = compile_filter(MESSAGE, {"peer_perspective": "bob", "peer_id": "alice"}, extra_keys=extra)
    assert (compiled.text, dict(compiled.extras)) == ("n.peer_id = $f_0", {"peer_perspective": "bob"})
    for wrong in (5, None, ["bob"], ""):
        with pytest.raises(Invalid, match=r"filters\.peer_perspective must "):
            compile_filter(MESSAGE, {"peer_perspective": wrong}, extra_keys=extra)
    with pytest.raises(Invalid, match=r"filters\.AND\[0\]\.peer_perspective: a message cannot be filtered by it"):
        compile_filter(MESSAGE, {"AND": [{"peer_perspective": "bob"}]}, extra_keys=extra)


def test_a_long_key_is_shortened_in_the_sentence() -> None:
    with pytest.raises(Invalid) as refused:
        compile_filter(MESSAGE, {"k" * 5000: 1})
    assert refused.value.detail.startswith(f"filters.{'k' * 64}...: a message")
    assert len(refused.value.detail) < 300
