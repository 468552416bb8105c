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
    # The columns without a value in some rows come up most.
    Resource.CONCLUSION: [
        *("observer", "observed_id", "session_id", "session_name", "source_ids", "level", "content", "times_derived"),
        *("created_at", "sync_state", "deleted_at", "metadata", "metadata", "internal_metadata"),
        *("session_id", "session_id", "session_name"),
    ],
}


def part_of(draw: st.DrawFn, value: Json) -> Json:
    """Something that the value may well contain."""
    if isinstance(value, dict):
        return {key: part_of(draw, part) for key, part in value.items() if draw(st.booleans())}
    if isinstance(value, list):
        return [part_of(draw, part) for part in draw(st.permutations(value)) if draw(st.booleans())]
    return value


def operators_of(key: str) -> dict[str, st.SearchStrategy[Json]]:
    """What each operator of a column takes."""
    operands = OPERANDS[key]
    several = st.lists(operands, max_size=3)
    return {
        **{name: operands | st.just("*") for name in ("gte", "lte", "gt", "lt")},
        "ne": operands | operands | st.none(),
        "in": (several | several | st.lists(operands | st.just("*"), max_size=3)).map(as_json),
        **({name: texts for name in ("contains", "icontains")} if key == "content" else {}),
    }


#: What each operator of a metadata field takes.
FIELD_OPERATORS: dict[str, st.SearchStrategy[Json]] = {
    **dict.fromkeys(("gte", "lte", "gt", "lt", "contains", "icontains"), present),
    "ne": scalars,
    "in": st.lists(present, max_size=4).map(as_json),
}
SOURCES: st.SearchStrategy[Json] = (st.lists(names, max_size=2) | st.lists(scalars, max_size=2)).map(as_json)


def asked_of_column(draw: st.DrawFn, key: str) -> Json:
    by_name = operators_of(key)
    kind = draw(st.sampled_from(["value", "null", "any", "several", "operators", "operators", "operators"]))
    if kind == "operators":
        chosen = draw(st.lists(st.sampled_from([*by_name, "ne", "ne", "ne"]), min_size=1, max_size=2))
        return {name: draw(by_name[name]) for name in chosen}
    plain = {"value": OPERANDS[key], "null": st.none(), "any": st.just("*"), "several": by_name["in"]}
    return draw(plain[kind])


def asked_of_sources(draw: st.DrawFn) -> Json:
    whole: st.SearchStrategy[Json] = (names | SOURCES | st.just("*")).map(lambda asked: as_json({"contains": asked}))
    return draw(st.none() | SOURCES | whole)


def asked_of_metadata(draw: st.DrawFn, pool: list[Object]) -> Json:
    kind = draw(st.sampled_from(["whole", "fields", "fields", "odd"]))
    if kind == "whole":
        return {"contains": part_of(draw, draw(st.sampled_from(pool)))}
    if kind == "odd":
        return draw(st.sampled_from([None, "*", as_json([]), as_json([1]), as_json({})]))
    asked: Object = {}
    for key in draw(st.lists(st.sampled_from(BELOW), min_size=1, max_size=2, unique=True)):
        chosen = draw(st.lists(st.sampled_from(list(FIELD_OPERATORS)), min_size=1, max_size=2))
        compared: Json = {name: draw(FIELD_OPERATORS[name]) for name in chosen}
        asked[key] = compared if draw(st.booleans()) else contained_at(draw, key, pool)
    return asked


def contained_at(draw: st.DrawFn, key: str, pool: list[Object]) -> Json:
    owned = [stored[key] for stored in pool if key in stored]
    found = part_of(draw, draw(st.sampled_from(owned)) if owned and draw(st.booleans()) else draw(values))
    operators = isinstance(found, dict) and any(name in OPERATORS for name in found)
    return as_json([found]) if operators else found


@st.composite
def every_form(draw: st.DrawFn, resource: Resource, pool: list[Object]) -> list[Object]:
    """One filter for each operator and each plain form on each column."""
    found: list[Object] = []
    for key in dict.fromkeys(ASKED[resource]):
        if key in ("metadata", "internal_metadata"):
            found += [{key: asked_of_metadata(draw, pool)} for _ in range(3)]
            for name, operands in FIELD_OPERATORS.items():
                found.append({key: {draw(st.sampled_from(BELOW)): {name: draw(operands)}}})
        elif key == "source_ids":
            found += [{key: asked_of_sources(draw)} for _ in range(3)]
        else:
            for name, operands in operators_of(key).items():
                found.append({key: {name: draw(operands)}})
            found.append({key: draw(OPERANDS[key])})
            found.append({key: None})
    return found


@st.composite
def filters_on(draw: st.DrawFn, resource: Resource, pool: list[Object], depth: int = 0) -> Object:
    asked: Object = {}
    for key in dict.fromkeys(draw(st.lists(st.sampled_from(ASKED[resource]), min_size=0 if depth else 1, max_size=2))):
        if key in ("metadata", "internal_metadata"):
            asked[key] = asked_of_metadata(draw, pool)
        elif key == "source_ids":
            asked[key] = asked_of_sources(draw)
        else:
            asked[key] = asked_of_column(draw, key)
    if depth < 3:
        for group in draw(st.sampled_from([[], [], ["AND"], ["OR"], ["NOT"], ["NOT"]])):
            asked[group] = cast("Json", draw(st.lists(filters_on(resource, pool, depth + 1), max_size=3)))
    return asked


@st.composite
def stores(draw: st.DrawFn, home: str) -> tuple[Resource, list[Row], list[Object]]:
    """Rows of one resource, and the metadata among them."""
    resource = draw(st.sampled_from([*STORED, Resource.CONCLUSION]))
    rows: list[Row] = []
    pool: list[Object] = []
    for _ in range(draw(st.integers(4, 10))):
        stored: Row = {key: draw(strategy) for key, strategy in STORED[resource].items()}
        pool.append(draw(objects))
        embedding: Row = {"embedding": [0.5]} if draw(st.booleans()) else {}
        workspace = draw(st.sampled_from([home, home, "alice"]))
        rows.append({**stored, **embedding, "metadata": pool[-1], "workspace_id": workspace})
    return resource, rows, pool


@st.composite
def cases(draw: st.DrawFn, home: str) -> tuple[Resource, list[Row], list[Object]]:
    """Rows of one resource, and filters of every shape."""
    resource, rows, pool = draw(stores(home))
    return resource, rows, draw(st.lists(filters_on(resource, pool), min_size=5, max_size=9))


@st.composite
def sweeps(draw: st.DrawFn, home: str) -> tuple[Resource, list[Row], list[Object]]:
    """Rows of one resource, and a filter of every form."""
    resource, rows, pool = draw(stores(home))
    return resource, rows, draw(every_form(resource, pool))
