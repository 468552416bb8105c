"""JSONL files become turns, and wrong lines are named by number and rule."""

import io
import json
from datetime import UTC, datetime
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.importers.jsonl import read_jsonl
from app.importers.limits import IMPORT_KEY
from app.importers.lines import json_lines
from app.importers.turns import Note, Problem, Turn

Line: TypeAlias = dict[str, object]
SOUND: Line = {"session": "s", "peer": "ana", "content": "I moved to Porto."}


def read(*lines: bytes | str | Line) -> list[Turn | Problem | Note]:
    raw = [
        line if isinstance(line, bytes) else (line if isinstance(line, str) else json.dumps(line)).encode()
        for line in lines
    ]
    return list(read_jsonl(io.BytesIO(b"\n".join(raw))))


def with_field(**fields: object) -> Line:
    return {**SOUND, **fields}


@pytest.mark.parametrize(
    ("line", "turn"),
    [
        (SOUND, Turn(1, "s", "ana", "I moved to Porto.", None, {})),
        (with_field(content=""), Turn(1, "s", "ana", "", None, {})),
        (with_field(content="x" * 25_000), Turn(1, "s", "ana", "x" * 25_000, None, {})),
        (with_field(content="🌻" * 25_000), Turn(1, "s", "ana", "🌻" * 25_000, None, {})),
        (with_field(content=" two\nlines "), Turn(1, "s", "ana", " two\nlines ", None, {})),
        (with_field(peer=" ana "), Turn(1, "s", "ana", "I moved to Porto.", None, {})),
        (with_field(metadata=None, created_at=None), Turn(1, "s", "ana", "I moved to Porto.", None, {})),
        (
            with_field(metadata={"mood": ["glad", 1.5, None]}),
            Turn(1, "s", "ana", "I moved to Porto.", None, {"mood": ["glad", 1.5, None]}),
        ),
        (
            with_field(metadata={"doxa_import_id": "old", "k": 1}),
            Turn(1, "s", "ana", "I moved to Porto.", None, {"k": 1}),
        ),
        ({"session_id": "s", "peer_id": "ana", "content": "Hi"}, Turn(1, "s", "ana", "Hi", None, {})),
        ({"session": "s", "session_id": "s", "peer": "ana", "content": "Hi"}, Turn(1, "s", "ana", "Hi", None, {})),
    ],
)
def test_a_sound_line_becomes_one_turn(line: Line, turn: Turn) -> None:
    assert read(line) == [turn]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024-05-01T09:30:00Z", datetime(2024, 5, 1, 9, 30, tzinfo=UTC)),
        ("2024-05-01T09:30:00+02:00", datetime(2024, 5, 1, 7, 30, tzinfo=UTC)),
        ("2024-05-01T09:30:00", datetime(2024, 5, 1, 9, 30, tzinfo=UTC)),
        ("2024-05-01 09:30:00.25", datetime(2024, 5, 1, 9, 30, 0, 250_000, tzinfo=UTC)),
        (" 2024-05-01 ", datetime(2024, 5, 1, tzinfo=UTC)),
    ],
)
def test_times_are_read_as_utc_unless_they_say_otherwise(written: str, meant: datetime) -> None:
    (turn,) = read(with_field(created_at=written))
    assert isinstance(turn, Turn)
    assert turn.created_at == meant


def nested(depth: int) -> Line:
    value: Line = {}
    for _ in range(depth - 1):
        value = {"in": value}
    return value


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("{", "line: must be JSON: Expecting property name enclosed in double quotes at column 2"),
        ('{"a": 1} x', "line: must be JSON: Extra data at column 10"),
        ('{"session": NaN}', "line: must be JSON: NaN is no JSON number"),
        (b'{"session": "\xff"}', "line: must be UTF-8 text, is not at byte 14"),
        ("[" * 100_000, "line: must be JSON that is not nested so deeply"),
        ("[1]", "line: must be a JSON object, not an array"),
        ("null", "line: must be a JSON object, not null"),
        ('"text"', "line: must be a JSON object, not a string"),
        ({"peer": "ana", "content": "x"}, "session: missing"),
        ({"session": "s", "content": "x"}, "peer: missing"),
        ({"session": "s", "peer": "ana"}, "content: missing"),
        (with_field(session=None), "session: missing"),
        (with_field(session=3), "session: must be a string, not a number"),
        (with_field(session="  "), "session: must not be blank"),
        (with_field(session_id="other"), "session: must equal session_id when both are given"),
        (with_field(peer=""), "peer: must not be blank"),
        (with_field(peer=["ana"]), "peer: must be a string, not an array"),
        (with_field(peer_id="bo"), "peer: must equal peer_id when both are given"),
        (with_field(peer="\ud800"), "peer: holds half of a surrogate pair, which is not text"),
        (with_field(content=None), "content: missing"),
        (with_field(content={"text": "x"}), "content: must be a string, not an object"),
        (with_field(content=True), "content: must be a string, not a boolean"),
        (with_field(content="x" * 25_001), "content: must have at most 25000 characters, has 25001"),
        (with_field(content="\udfff"), "content: holds half of a surrogate pair, which is not text"),
        (
            with_field(created_at=1714555800),
            "created_at: must be an ISO 8601 string such as 2024-05-01T09:30:00Z, not a number",
        ),
        (
            with_field(created_at="May 1st"),
            "created_at: must be an ISO 8601 time such as 2024-05-01T09:30:00Z, not 'May 1st'",
        ),
        (
            with_field(created_at="2024-02-30"),
            "created_at: must be an ISO 8601 time such as 2024-05-01T09:30:00Z, not '2024-02-30'",
        ),
        (
            with_field(created_at="0001-01-01T00:00:00+05:00"),
            "created_at: must be an ISO 8601 time such as 2024-05-01T09:30:00Z, not '0001-01-01T00:00:00+05:00'",
        ),
        (with_field(metadata=[]), "metadata: must be an object, not an array"),
        (with_field(metadata="x"), "metadata: must be an object, not a string"),
        (
            with_field(metadata={str(n): n for n in range(100)}),
            "metadata: must have at most 99 keys, has 100 (the import adds one)",
        ),
        (with_field(metadata=nested(6)), "metadata: objects must be nested at most 5 deep, are 6 deep"),
        (with_field(metadata={"k": ["\ud83d"]}), "metadata: holds half of a surrogate pair, which is not text"),
        (
            '{"session":"s","peer":"a","content":"x","metadata":{"k":[1e999]}}',
            "metadata: holds a number that is out of range",
        ),
    ],
)
def test_a_wrong_line_is_named_by_its_number_and_the_rule(line: bytes | str | Line, rule: str) -> None:
    assert read(SOUND, "", line, SOUND)[1] == Problem(3, rule)


def test_lines_after_a_wrong_one_are_still_read() -> None:
    assert [type(each) for each in read("{", SOUND, "nonsense", SOUND)] == [Problem, Turn, Problem, Turn]


def test_metadata_at_the_very_limit_is_sound() -> None:
    (turn,) = read(with_field(metadata={**{str(n): n for n in range(98)}, "deep": nested(4)}))
    assert isinstance(turn, Turn)


def test_objects_inside_arrays_do_not_count_towards_the_depth() -> None:
    (turn,) = read(with_field(metadata={"list": [nested(9)]}))
    assert isinstance(turn, Turn)


def test_keys_that_mean_nothing_are_noted_and_the_line_is_kept() -> None:
    turn, note = read(with_field(timestamp="2024"))
    assert isinstance(turn, Turn)
    assert note == Note(1, "left out the key 'timestamp', which a line does not have")


def test_a_byte_order_mark_and_windows_line_ends_are_no_mistake() -> None:
    raw = b"\xef\xbb\xbf" + json.dumps(SOUND).encode() + b"\r\n\r\n" + json.dumps(SOUND).encode() + b"\r\n"
    assert [each.number for each in read_jsonl(io.BytesIO(raw))] == [1, 3]


def test_a_line_that_is_too_long_is_reported_and_the_next_one_is_read() -> None:
    file = io.BytesIO(b'{"a": "' + b"x" * 5_000_000 + b'"}\n{"b": 1}\n')
    first, second = json_lines(file, limit=1000)
    assert first.value == "line: must have at most 1000 bytes"
    assert (second.number, second.value) == (2, {"b": 1})


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
names = texts.filter(lambda text: text.strip() != "")
scalars = (
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False) | texts
)
# The import's own key is left out when it is read, which has a test of its own above.
keys = texts.filter(lambda key: key != IMPORT_KEY)
chats = st.lists(
    st.builds(
        Turn,
        number=st.just(0),
        session=names.map(str.strip),
        peer=names.map(str.strip),
        content=texts,
        created_at=st.none() | st.datetimes(timezones=st.just(UTC)),
        metadata=st.dictionaries(keys, scalars | st.lists(scalars, max_size=3), max_size=5),
    ),
    max_size=20,
)


@given(chats)
def test_any_valid_chat_reads_back_as_it_was_written(chat: list[Turn]) -> None:
    lines = [
        json.dumps(
            {
                "session": turn.session,
                "peer": turn.peer,
                "content": turn.content,
                "created_at": turn.created_at and turn.created_at.isoformat(),
                "metadata": turn.metadata,
            },
            ensure_ascii=bool(place % 2),
        )
        for place, turn in enumerate(chat)
    ]
    back = list(read_jsonl(io.BytesIO("\n".join(lines).encode())))
    assert [(t.session, t.peer, t.content, t.created_at, t.metadata) for t in back if isinstance(t, Turn)] == [
        (t.session, t.peer, t.content, t.created_at, t.metadata) for t in chat
    ]


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_raise(raw: bytes) -> None:
    for entry in read_jsonl(io.BytesIO(raw)):
        assert entry.number >= 1
