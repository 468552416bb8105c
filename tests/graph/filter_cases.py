"""Random rows and filters that fit them; small pools, so that they meet."""

from datetime import UTC, datetime, timedelta
from typing import cast

from hypothesis import strategies as st

from graph.filters import Resource
from tests.graph.filter_reading import OPERATORS, Cell, Json, Object, Row

NAMES = ["alice", "bob", "Bob", "c_d"]
KEYS = ["a", "b", "", "a/b", "in", "k=~#!?%", "\u00e4"]
TEXTS = [
    *(
        "",
        "a",
        "A",
        "ab",
        "5",
        "5.0",
        " 7 ",
        "-3e2",
        "1e-7",
        "1e400",
        "true",
        "null",
        "=",
        "x=sa",
        "a%b_c\\d",
        "\U0001f600",
    ),
    *(
        "Stra\u00dfe",
        "STRASSE",
        "\u0391\u03a3",
        "\u03c3",
        "\u03c2a",
        "\uffee",
        "2024-05-01",
        "[1",
        "' OR 1=1 //",
        "a\0b",
    ),
]
NUMBERS: list[int | float] = [0, 1, -1, 1.0, 2.5, -2.5, 5, -300, 10**30, 1e23, 10**23, 1e-7, 2**63, 2**63 - 1, -(2**63)]
MOMENTS = [datetime(2024, 5, day, 12, tzinfo=UTC) + timedelta(microseconds=day) for day in (1, 2, 3)]
MOMENT_TEXTS = [
    *(
        "2024-05-01",
        "2024-05-02T12:00:00.000002Z",
        " 2024-05-02 14:00:00.000002+02:00 ",
        "2024-05-03 12:00",
        "2030-01-01",
    ),
    "2024-05-01T12:00:00.000001",
]
BELOW = [key for key in KEYS if key not in OPERATORS]

present: st.SearchStrategy[Json] = (
    st.booleans() | st.sampled_from(NUMBERS) | st.sampled_from(TEXTS) | st.text(max_size=3)
)
scalars: st.SearchStrategy[Json] = st.none() | present
values: st.SearchStrategy[Json] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=12,
)
objects: st.SearchStrategy[Object] = st.dictionaries(st.sampled_from(KEYS), values, max_size=4)


def as_json(value: object) -> Json:
    return cast("Json", value)


names: st.SearchStrategy[Json] = st.sampled_from(NAMES)
texts: st.SearchStrategy[Json] = st.sampled_from(TEXTS)
levels: st.SearchStrategy[Json] = st.sampled_from(["explicit", "deductive", "inductive", "contradiction"])
counts: st.SearchStrategy[Json] = st.sampled_from([0, 1, 2, 3, 2**63 - 1])
numbers: st.SearchStrategy[Json] = (
    st.sampled_from(NUMBERS) | st.booleans() | st.sampled_from(["1", " 2.0", "2.5", "1e400", "-1e400", "1e-9"])
)
moment_texts: st.SearchStrategy[Json] = st.sampled_from(MOMENT_TEXTS)

STORED: dict[Resource, dict[str, st.SearchStrategy[Cell]]] = {
    Resource.SESSION: {"id": names, "is_active": st.booleans(), "created_at": st.sampled_from(MOMENTS)},
    Resource.MESSAGE: {
        "peer_id": names,
        "session_id": names,
        "token_count": counts,
        "created_at": st.sampled_from(MOMENTS),
    },
    Resource.CONCLUSION: {
        "observer_id": names,
        "observed_id": names,
        "session_id": st.none() | names,
        "level": levels,
        "content": texts,
        "times_derived": counts,
        "source_ids": st.lists(names, max_size=3).map(as_json),
        "created_at": st.sampled_from(MOMENTS),
    },
}
OPERANDS: dict[str, st.SearchStrategy[Json]] = {
    **dict.fromkeys(["id", "peer_id", "session_id", "session_name", "observer", "observed_id", "workspace_id"], names),
    "content": texts,
    "level": levels,
    "sync_state": st.sampled_from(["synced", "pending", "failed"]),
    "is_active": st.booleans(),
    **dict.fromkeys(["token_count", "times_derived"], numbers),
    **dict.fromkeys(["created_at", "deleted_at"], moment_texts),
}
ASKED = {
    Resource.SESSION: ["id", "is_active", "created_at", "metadata", "workspace_id"],
    Resource.MESSAGE: ["peer_id", "session_id", "token_count", "created_at", "metadata", "workspace_id"],
    Resource.CONCLUSION: [
        *("observer", "observed_id", "session_id", "session_name", "level", "content", "times_derived", "created_at"),
        *("source_ids", "sync_state", "deleted_at", "metadata", "internal_metadata"),
    ],
}


def part_of(draw: st.DrawFn, value: Json) -> Json:
    """Something that the value may well contain."""
    if isinstance(value, dict):
        return {key: part_of(draw, part) for key, part in value.items() if draw(st.booleans())}
    if isinstance(value, list):
        return [part_of(draw, part) for part in draw(st.permutations(value)) if draw(st.booleans())]
    return value


def asked_of_column(draw: st.DrawFn, key: str) -> Json:
    operands = OPERANDS[key]
    several = st.lists(operands, max_size=3) | st.lists(operands | st.just("*"), max_size=3)
    compared = st.fixed_dictionaries(
        {},
        optional={
            **{name: operands | st.just("*") for name in ("gte", "lte", "gt", "lt")},
            "ne": operands | st.none(),
            "in": several,
            **({name: texts for name in OPERATORS[6:]} if key == "content" else {}),
        },
    ).filter(bool)
    return draw(operands | st.none() | st.just("*") | several | cast("st.SearchStrategy[Json]", compared))


def asked_of_metadata(draw: st.DrawFn, pool: list[Object]) -> Json:
    near = st.sampled_from(pool).map(lambda stored: part_of(draw, stored))
    kind = draw(st.sampled_from(["whole", "fields", "fields", "odd"]))
    if kind == "whole":
        return {"contains": draw(near | values.filter(lambda value: isinstance(value, (dict, list))))}
    if kind == "odd":
        return draw(st.sampled_from(cast("list[Json]", [None, "*", [], [1], {}])))
    field = st.fixed_dictionaries(
        {},
        optional={
            **dict.fromkeys(("gte", "lte", "gt", "lt", "contains", "icontains"), present),
            "ne": scalars,
            "in": st.lists(present, max_size=4),
        },
    ).filter(bool)
    asked: Object = {}
    for key in draw(st.lists(st.sampled_from(BELOW), min_size=1, max_size=2, unique=True)):
        owned = [stored[key] for stored in pool if key in stored]
        contained = draw(st.sampled_from(owned)) if owned and draw(st.booleans()) else draw(values)
        contained = as_json(part_of(draw, contained))
        if isinstance(contained, dict) and any(name in OPERATORS for name in contained):
            contained = as_json([contained])
        asked[key] = draw(st.just(contained) | cast("st.SearchStrategy[Json]", field))
    return asked


@st.composite
def filters_on(draw: st.DrawFn, resource: Resource, pool: list[Object], depth: int = 0) -> Object:
    asked: Object = {}
    for key in draw(st.lists(st.sampled_from(ASKED[resource]), min_size=1, max_size=2, unique=True)):
        if key in ("metadata", "internal_metadata"):
            asked[key] = asked_of_metadata(draw, pool)
        elif key == "source_ids":
            sources = st.lists(names, max_size=2) | st.lists(scalars, max_size=2)
            whole = names | sources | st.just("*")
            asked[key] = draw(
                st.none() | sources | cast("st.SearchStrategy[Json]", whole.map(lambda x: {"contains": x}))
            )
        else:
            asked[key] = asked_of_column(draw, key)
    if depth < 3:
        for group in draw(st.lists(st.sampled_from(["AND", "OR", "NOT"]), max_size=1)):
            asked[group] = cast("Json", draw(st.lists(filters_on(resource, pool, depth + 1), max_size=3)))
    return asked


@st.composite
def cases(draw: st.DrawFn, home: str) -> tuple[Resource, list[Row], list[Object]]:
    resource = draw(st.sampled_from(list(STORED)))
    rows: list[Row] = []
    pool: list[Object] = []
    for _ in range(draw(st.integers(4, 10))):
        stored: Row = {key: draw(strategy) for key, strategy in STORED[resource].items()}
        pool.append(draw(objects))
        embedding: Row = {"embedding": [0.5]} if draw(st.booleans()) else {}
        rows.append(
            {**stored, **embedding, "metadata": pool[-1], "workspace_id": draw(st.sampled_from([home, home, "alice"]))}
        )
    return resource, rows, draw(st.lists(filters_on(resource, pool), min_size=1, max_size=6))
