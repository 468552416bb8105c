"""OpenAI chat files: a session a line, roles as peers."""

import io
import json
from datetime import UTC, datetime
from typing import TypeAlias

import pytest

from app.importers.openai_chat import read_openai
from app.importers.turns import Note, Problem, Turn

Line: TypeAlias = dict[str, object]
HELLO: Line = {"role": "user", "content": "I keep bees."}


def read(*lines: Line | str) -> list[Turn | Problem | Note]:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    return list(read_openai(io.BytesIO(text.encode())))


def turns(*lines: Line) -> list[Turn]:
    return [each for each in read(*lines) if isinstance(each, Turn)]


def test_roles_become_peers_and_the_id_becomes_the_session() -> None:
    found = turns({"id": "c1", "messages": [HELLO, {"role": "assistant", "content": "How many hives?"}]})
    assert [(t.session, t.peer, t.content) for t in found] == [
        ("c1", "user", "I keep bees."),
        ("c1", "assistant", "How many hives?"),
    ]


def test_the_name_of_a_message_goes_before_its_role() -> None:
    (turn,) = turns({"id": "c1", "messages": [{**HELLO, "name": "ana"}]})
    assert turn.peer == "ana"


@pytest.mark.parametrize("role", ["system", "developer"])
def test_instructions_are_kept_but_nothing_is_concluded_from_them(role: str) -> None:
    found = turns({"id": "c", "messages": [{"role": role, "content": "You are terse."}, HELLO]})
    assert [(t.peer, t.observed) for t in found] == [(role, False), ("user", True)]


def test_without_an_id_the_session_is_named_by_what_was_said() -> None:
    first, again, other = (
        turns({"messages": [message]})[0].session for message in (HELLO, HELLO, {**HELLO, "content": "No."})
    )
    assert first == again != other
    assert first.startswith("chat-")


def test_two_equal_lines_are_two_conversations() -> None:
    equal: list[Line] = [{"messages": [HELLO]}] * 3
    first, second, third = (turn.session for turn in turns(*equal))
    assert len({first, second, third}) == 3
    assert second == f"{first}-2"


def test_text_parts_are_joined_and_pictures_are_left_out_and_noted() -> None:
    parts = [
        {"type": "text", "text": "Look:"},
        {"type": "image_url", "image_url": {"url": "data:"}},
        {"type": "text", "text": "my bees"},
    ]
    note, turn = read({"id": "c", "messages": [{"role": "user", "content": parts}]})
    assert note == Note(1, "left out parts that are no text")
    assert isinstance(turn, Turn)
    assert turn.content == "Look:\nmy bees"


def test_tool_calls_and_tool_messages_are_left_out_and_noted() -> None:
    found = read(
        {
            "id": "c",
            "messages": [
                HELLO,
                {"role": "assistant", "content": None, "tool_calls": [{"id": "1", "type": "function"}]},
                {"role": "tool", "tool_call_id": "1", "content": "42"},
                {"role": "assistant", "content": "It is 42.", "tool_calls": [{"id": "2"}]},
            ],
        }
    )
    assert [each.content for each in found if isinstance(each, Turn)] == ["I keep bees.", "It is 42."]
    assert [each.text for each in found if isinstance(each, Note)] == [
        "left out calls of tools",
        "left out messages of tools",
        "left out calls of tools",
    ]


def test_a_refusal_is_what_the_assistant_said() -> None:
    (turn,) = turns({"id": "c", "messages": [{"role": "assistant", "content": None, "refusal": "I will not."}]})
    assert turn.content == "I will not."


def test_turns_count_on_from_the_time_of_their_line() -> None:
    found = turns(
        {
            "id": "c",
            "created_at": "2024-05-01T10:00:00Z",
            "messages": [HELLO, HELLO, {**HELLO, "created_at": "2024-06-01"}],
        }
    )
    assert [t.created_at for t in found] == [
        datetime(2024, 5, 1, 10, tzinfo=UTC),
        datetime(2024, 5, 1, 10, 0, 30, tzinfo=UTC),
        datetime(2024, 6, 1, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ({"id": "c"}, "messages: missing"),
        ({"messages": "hi"}, "messages: must be an array, not a string"),
        ({"messages": []}, "messages: must not be empty"),
        ({"id": 7, "messages": [HELLO]}, "id: must be a string, not a number"),
        (
            {"id": "c", "created_at": 5, "messages": [HELLO]},
            "created_at: must be an ISO 8601 string such as 2024-05-01T09:30:00Z, not a number",
        ),
        ({"messages": ["hi"]}, "messages[0]: must be an object, not a string"),
        ({"messages": [{"content": "x"}]}, "messages[0]: role: missing"),
        (
            {"messages": [{"role": "robot", "content": "x"}]},
            "messages[0]: role: must be one of assistant, developer, function, system, tool, user, not 'robot'",
        ),
        ({"messages": [{"role": "user"}]}, "messages[0]: content: missing"),
        ({"messages": [{"role": "user", "content": 5}]}, "messages[0]: content: must be text or parts, not a number"),
        (
            {"messages": [{"role": "user", "content": ["x"]}]},
            "messages[0]: content: a part must be an object, not a string",
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "text"}]}]},
            "messages[0]: content: the text of a part must be a string, not null",
        ),
        (
            {"messages": [{"role": "user", "content": "x" * 25_001}]},
            "messages[0]: content: must have at most 25000 characters, has 25001",
        ),
        ({"messages": [{**HELLO, "name": ""}]}, "messages[0]: name: must not be blank"),
        ({"messages": [{**HELLO, "metadata": 1}]}, "messages[0]: metadata: must be an object, not a number"),
        (
            {"id": "c", "created_at": "9999-12-31T23:59:59Z", "messages": [{"role": "tool"}, HELLO]},
            "messages[1]: created_at: must lie before the year 10000",
        ),
    ],
)
def test_a_wrong_line_is_named_by_its_number_and_the_rule(line: Line, rule: str) -> None:
    assert Problem(2, rule) in read({"id": "ok", "messages": [HELLO]}, line)


def test_messages_beside_a_wrong_one_are_still_read() -> None:
    found = read({"id": "c", "messages": [HELLO, {"role": "user"}, HELLO]})
    assert [type(each) for each in found] == [Turn, Problem, Turn]


def test_a_line_nested_beyond_all_reason_is_a_wrong_line() -> None:
    (problem,) = read('{"messages": [' + "[" * 200_000)
    assert problem == Problem(1, "line: must be JSON that is not nested so deeply")
