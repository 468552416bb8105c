"""What each form of the filter language selects, on the real engine."""

from collections.abc import Generator
from datetime import UTC, datetime

import neo4j
import pytest

from app.engine.neo4j import Neo4jServer
from graph.driver import Database
from graph.filters import Resource, compile_filter
from tests.graph.filter_engine import HOME, nodes, open_session
from tests.graph.filter_reading import Json, Object, Row

NOON = datetime(2024, 5, 1, 12, 0, 0, 250_000, UTC)
MIDNIGHT = datetime(2024, 5, 2, tzinfo=UTC)

#: Conclusions, by place.
CONCLUSIONS: list[Row] = [
    {"content": "Likes tea", "session_id": "s1", "level": "explicit", "times_derived": 1, "created_at": NOON},
    {"content": "100% sure_", "session_id": None, "level": "explicit", "times_derived": 2, "created_at": NOON},
    {"content": "ΟΔΟΣ\\x", "session_id": "s2", "level": "deductive", "times_derived": 3, "created_at": MIDNIGHT},
    {"content": "tea", "session_id": "s1", "level": "inductive", "times_derived": 2**62 + 1, "created_at": MIDNIGHT},
]
for place, row in enumerate(CONCLUSIONS):
    row |= {"id": f"c{place}", "observer_id": "alice", "observed_id": "bob" if place % 2 else "alice"}
    row |= {"workspace_id": HOME, "embedding": [0.1], "source_ids": (["c0"], [], ["c0", "c1"], ["c1"])[place]}  # pyright: ignore[reportAssignmentType] the union of the lists

COLUMNS: list[tuple[Object, set[int]]] = [
    ({}, {0, 1, 2, 3}),
    ({"session_id": "s1"}, {0, 3}),
    ({"session_name": "s1", "observer": "alice", "observed": "bob"}, {3}),
    ({"workspace_name": HOME}, {0, 1, 2, 3}),
    ({"workspace_id": "elsewhere"}, set()),
    ({"session_id": None}, {1}),
    ({"session_id": "*"}, {0, 1, 2, 3}),
    ({"session_id": ["s1", "s2"]}, {0, 2, 3}),
    ({"id": {"in": ["c1", "c3", "c9"]}}, {1, 3}),
    ({"id": {"in": []}}, set()),
    ({"id": []}, set()),
    ({"id": {"in": ["*", "c9"]}}, {0, 1, 2, 3}),
    ({"id": ["*"]}, {0, 1, 2, 3}),
    ({"id": {"gte": "c1", "lt": "c3"}}, {1, 2}),
    ({"id": {"gte": "*", "lt": "c1"}}, {0}),
    ({"session_id": {"ne": "s1"}}, {1, 2}),
    ({"session_id": {"ne": None}}, {0, 2, 3}),
    ({"session_id": {"ne": "*"}}, {0, 1, 2, 3}),
    ({"content": {"contains": "TEA"}}, {0, 3}),
    ({"content": {"icontains": "tEa"}}, {0, 3}),
    ({"content": {"contains": "0% s"}}, {1}),
    ({"content": {"contains": "e_"}}, {1}),
    ({"content": {"contains": "s%t"}}, set()),
    ({"content": {"contains": "\\X"}}, {2}),
    ({"content": {"contains": "Σ"}}, {2}),
    ({"content": {"contains": "οδοσ"}}, {2}),
    ({"level": "explicit"}, {0, 1}),
    ({"level": ["deductive", "inductive"]}, {2, 3}),
    ({"times_derived": 2}, {1}),
    ({"times_derived": 2.0}, {1}),
    ({"times_derived": " 2 "}, {1}),
    ({"times_derived": True}, {0}),
    ({"times_derived": 2.5}, set()),
    ({"times_derived": {"gt": 1.5}}, {1, 2, 3}),
    ({"times_derived": {"lte": 2.5}}, {0, 1}),
    ({"times_derived": 2**62}, set()),
    ({"times_derived": 2**62 + 1}, {3}),
    ({"times_derived": {"gt": 2**62}}, {3}),
    ({"times_derived": {"gt": 10**40}}, set()),
    ({"times_derived": {"lt": 10**40}}, {0, 1, 2, 3}),
    ({"times_derived": {"ne": 10**40}}, {0, 1, 2, 3}),
    ({"times_derived": {"ne": 0.5}}, {0, 1, 2, 3}),
    ({"times_derived": {"gte": "-1e999999"}}, {0, 1, 2, 3}),
    ({"times_derived": [1, 1.5, 10**40]}, {0}),
    ({"times_derived": [1.5]}, set()),
    ({"created_at": "2024-05-01T12:00:00.250Z"}, {0, 1}),
    ({"created_at": "2024-05-01T14:00:00.25+02:00"}, {0, 1}),
    ({"created_at": " 2024-05-01 12:00:00.250000 "}, {0, 1}),
    ({"created_at": ["2024-05-02"]}, {2, 3}),
    ({"created_at": {"lte": "2024-05-02"}}, {0, 1, 2, 3}),
    ({"created_at": {"lte": "2024-05-01"}}, set()),
    ({"created_at": {"gt": "2024-05-01T12:00:00.250"}}, {2, 3}),
    ({"source_ids": {"contains": "c0"}}, {0, 2}),
    ({"source_ids": {"contains": ["c1", "c0"]}}, {2}),
    ({"source_ids": ["c1", "c1"]}, {2, 3}),
    ({"source_ids": None}, {1}),
    ({"source_ids": []}, {0, 2, 3}),
    ({"source_ids": "*"}, {0, 1, 2, 3}),
    ({"source_ids": {"contains": {"c0": 1}}}, set()),
    ({"source_ids": [5]}, set()),
    ({"sync_state": "synced"}, {0, 1, 2, 3}),
    ({"sync_state": {"ne": "synced"}}, set()),
    ({"sync_state": ["pending", "failed"]}, set()),
    ({"deleted_at": None}, {0, 1, 2, 3}),
    ({"deleted_at": {"ne": None}}, set()),
    ({"deleted_at": {"gt": "2020-01-01"}}, set()),
    ({"deleted_at": {"ne": "2020-01-01"}}, {0, 1, 2, 3}),
    ({"metadata": {}}, {0, 1, 2, 3}),
    ({"internal_metadata": None}, set()),
]

GROUPS: list[tuple[Object, set[int]]] = [
    ({"AND": []}, {0, 1, 2, 3}),
    ({"OR": []}, {0, 1, 2, 3}),
    ({"NOT": []}, {0, 1, 2, 3}),
    ({"AND": [{"level": "explicit"}, {"session_id": "s1"}]}, {0}),
    ({"OR": [{"id": "c1"}, {"session_id": "s1"}]}, {0, 1, 3}),
    ({"OR": [{"id": "c1"}, {"session_id": "s1"}], "observed": "bob"}, {1, 3}),
    ({"OR": [{"id": "c1"}, {}]}, {0, 1, 2, 3}),
    ({"OR": [{"id": "c1"}, {"level": "*"}]}, {0, 1, 2, 3}),
    ({"NOT": [{"session_id": "s1"}]}, {1, 2}),
    ({"NOT": [{"session_id": "s1"}, {"session_id": "s2"}]}, {1}),
    ({"NOT": [{"session_id": {"gte": "s"}}]}, {1}),
    ({"NOT": [{"NOT": [{"session_id": "s1"}]}]}, {0, 3}),
    ({"NOT": [{"session_id": {"ne": "s1"}}]}, {0, 3}),
    ({"NOT": [{"session_id": None}]}, {0, 2, 3}),
    ({"NOT": [{"id": []}]}, {0, 1, 2, 3}),
    ({"NOT": [{}]}, set()),
    ({"NOT": [{"AND": [{"level": "explicit"}, {"session_id": "s1"}]}]}, {1, 2, 3}),
    ({"NOT": [{"OR": [{"level": "explicit"}, {"session_id": "s1"}]}]}, {2}),
    ({"AND": [{"OR": [{"id": "c0"}, {"id": "c2"}]}, {"NOT": [{"level": "deductive"}]}]}, {0}),
]

#: Metadata of messages, by place.
METADATA: list[Object] = [
    {"n": 5, "tags": ["x", "y", 1], "on": True, "who": {"name": "Ann", "at": {"home": 1.0}}},
    {"n": "7.50", "tags": [], "on": False, "rows": [{"k": 1, "v": "a"}, {"k": 2, "v": "b"}]},
    {"n": 5.0, "tags": "x", "on": None, "rows": [{"k": 1, "v": "b"}, [1, [2, "deep"]]], "day": "2024-05-01"},
    {"n": "many", "tags": [["x"]], "in": 1, "day": "2024-06-01", "big": 10**25},
    {"n": "", "Tags": ["x"], "a/b": 1, "a": {"b": 1}, "big": 10**25 + 1, "on": "TRUE"},
]

FIELDS: list[tuple[Json, set[int]]] = [
    ({"n": 5}, {0, 2}),
    ({"n": 5.0}, {0, 2}),
    ({"n": "5"}, set()),
    ({"n": "*"}, {0, 1, 2, 3, 4}),
    ("*", {0, 1, 2, 3, 4}),
    (None, set()),
    (["x"], set()),
    ({"on": True}, {0}),
    ({"on": None}, {2}),
    ({"tags": ["x"]}, {0}),
    ({"tags": ["y", "x", "x"]}, {0}),
    ({"tags": [1.0]}, {0}),
    ({"tags": []}, {0, 1, 3}),
    ({"tags": "x"}, {2}),
    ({"tags": [["x"]]}, {3}),
    ({"tags": [[]]}, {3}),
    ({"tags": [{}]}, set()),
    ({"who": {}}, {0}),
    ({"who": {"name": "Ann"}}, {0}),
    ({"who": {"at": {"home": 1}}}, {0}),
    ({"who": {"name": {"gte": "A"}}}, set()),
    ({"rows": [{"k": 1}]}, {1, 2}),
    ({"rows": [{"k": 1, "v": "b"}]}, {2}),
    ({"rows": [{"v": "b"}, {"k": 1}]}, {1, 2}),
    ({"rows": [[[2]]]}, {2}),
    ({"rows": [[["deep", 2], 1]]}, {2}),
    ({"rows": [[[1]]]}, set()),
    ({"rows": [{}, []]}, {2}),
    ({"a/b": 1}, {4}),
    ({"a": {"b": 1}}, {4}),
    ({"contains": {"in": 1}}, {3}),
    ({"contains": {"n": 5, "tags": ["x"]}}, {0}),
    ({"contains": {}}, {0, 1, 2, 3, 4}),
    ({"contains": []}, set()),
    ({"contains": "*"}, {0, 1, 2, 3, 4}),
    ({"n": {"gte": 5}}, {0, 1, 2}),
    ({"n": {"gt": "5"}}, {1}),
    ({"n": {"lt": 7.5}}, {0, 2}),
    ({"n": {"gte": "7.5", "lte": 7.5}}, {1}),
    ({"n": {"ne": 5}}, {1}),
    ({"n": {"ne": "many"}}, {0, 1, 2, 4}),
    ({"big": {"gt": 10**25}}, {4}),
    ({"big": 10**25}, {3}),
    ({"day": {"gte": "2024-05-02"}}, {3}),
    ({"day": {"ne": "2024-05-01"}}, {3}),
    ({"day": {"ne": None}}, {2, 3}),
    ({"on": {"ne": None}}, {0, 1, 4}),
    ({"on": {"ne": True}}, {1, 4}),
    ({"on": {"gte": False}}, {0, 1}),
    ({"n": {"in": [5, "many"]}}, {0, 2, 3}),
    ({"n": {"in": ["5", ""]}}, {0, 2, 4}),
    ({"n": {"in": []}}, set()),
    ({"n": {"in": ["*"]}}, {0, 1, 2, 3, 4}),
    ({"on": {"in": [True]}}, {0}),
    ({"on": {"contains": "true"}}, {0, 4}),
    ({"who": {"icontains": '"name": "ann"'}}, {0}),
    ({"tags": {"contains": "x"}}, {0, 2, 3}),
    ({"tags": {"contains": '["x", "y", 1]'}}, {0}),
    ({"n": {"contains": 5}}, {0, 1, 2}),
    ({"n": {"gte": "*"}}, {0, 1, 2, 3, 4}),
    ({"n": {"gte": 5}, "on": False}, {1}),
]


@pytest.fixture(scope="module")
def session(neo4j_server: Neo4jServer) -> Generator[neo4j.Session]:
    with open_session(neo4j_server) as session:
        yield session


@pytest.mark.parametrize(("filters", "places"), COLUMNS + GROUPS, ids=str)
def test_a_filter_selects_conclusions(session: neo4j.Session, filters: Object, places: set[int]) -> None:
    with nodes(session, CONCLUSIONS) as stored:
        assert stored.selected(compile_filter(Resource.CONCLUSION, filters)) == places


@pytest.mark.parametrize(("asked", "places"), FIELDS, ids=str)
def test_a_filter_selects_by_metadata(session: neo4j.Session, asked: Json, places: set[int]) -> None:
    rows: list[Row] = [{"workspace_id": HOME, "metadata": metadata} for metadata in METADATA]
    with nodes(session, rows) as stored:
        assert stored.selected(compile_filter(Resource.MESSAGE, {"metadata": asked})) == places
        others = set(range(len(rows))) - places
        assert stored.selected(compile_filter(Resource.MESSAGE, {"NOT": [{"metadata": asked}]})) == others


def test_a_truth_value_is_compared_as_one(session: neo4j.Session) -> None:
    rows: list[Row] = [{"workspace_id": HOME, "is_active": active} for active in (True, False)]
    with nodes(session, rows) as stored:
        for asked, places in [
            (True, {0}),
            ({"ne": True}, {1}),
            ([False], {1}),
            ({"lt": True}, {1}),
            (None, set[int]()),
        ]:
            assert stored.selected(compile_filter(Resource.SESSION, {"is_active": asked})) == places


async def test_a_filter_by_id_is_answered_from_the_index(database: Database) -> None:
    compiled = compile_filter(Resource.CONCLUSION, {"id": {"in": ["c1", "c2"]}, "level": "explicit"})
    statement = f"MATCH (n:Conclusion) WHERE n.workspace_id = $home AND {compiled.text} RETURN n.id AS id"
    plan = await database.explain(statement, {"home": HOME, **compiled.parameters})
    assert "NodeUniqueIndexSeek" in [name for name, _ in plan.operators]


@pytest.mark.parametrize(
    "filters",
    [
        {"OR": [{"workspace_id": "elsewhere"}, {"peer_id": "eve"}]},
        {"NOT": [{"workspace_id": HOME}]},
        {"OR": [{}, {"workspace_id": "elsewhere"}]},
        {"workspace_id": "*"},
        {"peer_id": "eve' OR true //"},
        {"metadata": {"x' OR true //": {"ne": "y"}}},
    ],
)
def test_no_filter_reads_another_workspace(session: neo4j.Session, filters: Object) -> None:
    rows: list[Row] = [{"workspace_id": workspace, "peer_id": "eve"} for workspace in ("elsewhere", HOME)]
    with nodes(session, rows) as stored:
        assert 0 not in stored.selected(compile_filter(Resource.MESSAGE, filters))
