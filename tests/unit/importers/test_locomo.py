"""LoCoMo files: a session for each of their sessions, times counted on, pictures told in metadata."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.importers.locomo import locomo_moment, read_locomo
from app.importers.turns import Note, Problem, Turn

REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "locomo-dev.json"


def sample(name: object = "conv-1", **conversation: object) -> dict[str, object]:
    return {
        "sample_id": name,
        "qa": [{"question": "Who?", "answer": "Nobody", "evidence": ["D1:1"], "category": 4}],
        "conversation": {
            "speaker_a": "Ida",
            "speaker_b": "Olu",
            "session_2_date_time": "12:05 am on 3 March, 2024",
            "session_2": [{"speaker": "Olu", "dia_id": "D2:1", "text": "Still up?"}],
            "session_1_date_time": "1:56 pm on 8 May, 2023",
            "session_1": [
                {"speaker": "Ida", "dia_id": "D1:1", "text": "I planted leeks."},
                {
                    "speaker": "Olu",
                    "dia_id": "D1:2",
                    "text": "Nice!",
                    "blip_caption": "a row of leeks",
                    "img_url": ["x"],
                },
            ],
            "session_3_date_time": "9:00 am on 1 April, 2024",
            **conversation,
        },
    }


def read(*samples: object) -> list[Turn | Problem | Note]:
    return list(read_locomo(io.BytesIO(json.dumps(samples, indent=2).encode())))


def test_sessions_come_in_the_order_of_their_numbers_with_their_own_times() -> None:
    found = [each for each in read(sample()) if isinstance(each, Turn)]
    assert [(t.number, t.session, t.peer, t.content, t.created_at, t.metadata) for t in found] == [
        (
            1,
            "conv-1-session_1",
            "Ida",
            "I planted leeks.",
            datetime(2023, 5, 8, 13, 56, tzinfo=UTC),
            {"dia_id": "D1:1"},
        ),
        (
            2,
            "conv-1-session_1",
            "Olu",
            "Nice!",
            datetime(2023, 5, 8, 13, 56, 30, tzinfo=UTC),
            {"dia_id": "D1:2", "blip_caption": "a row of leeks"},
        ),
        (3, "conv-1-session_2", "Olu", "Still up?", datetime(2024, 3, 3, 0, 5, tzinfo=UTC), {"dia_id": "D2:1"}),
    ]


def test_samples_keep_their_sessions_and_speakers_apart() -> None:
    found = [each for each in read(sample("a"), sample("b")) if isinstance(each, Turn)]
    assert [t.number for t in found] == [1, 2, 3, 4, 5, 6]
    assert {(t.circle, t.session) for t in found} == {
        ("a", "a-session_1"),
        ("a", "a-session_2"),
        ("b", "b-session_1"),
        ("b", "b-session_2"),
    }


def test_a_sample_without_an_id_is_named_by_its_place() -> None:
    assert {t.circle for t in read(sample("a"), sample(None)) if isinstance(t, Turn)} == {"a", "sample-2"}


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("1:56 pm on 8 May, 2023", datetime(2023, 5, 8, 13, 56, tzinfo=UTC)),
        ("12:09 am on 13 September, 2023", datetime(2023, 9, 13, 0, 9, tzinfo=UTC)),
        ("12:30 pm on 1 January, 2024", datetime(2024, 1, 1, 12, 30, tzinfo=UTC)),
        ("9:05 AM on 29 Feb 2024", datetime(2024, 2, 29, 9, 5, tzinfo=UTC)),
        (" 11:59 p.m. on 31 december, 1999 ", datetime(1999, 12, 31, 23, 59, tzinfo=UTC)),
        ("13:00 pm on 8 May, 2023", None),
        ("0:10 am on 8 May, 2023", None),
        ("1:60 pm on 8 May, 2023", None),
        ("1:56 pm on 31 June, 2023", None),
        ("1:56 pm on 29 February, 2023", None),
        ("1:56 pm on 8 Mai, 2023", None),
        ("8 May, 2023", None),
        ("2023-05-08T13:56:00Z", None),
        ("", None),
    ],
)
def test_session_times_are_read_from_their_words(words: str, moment: datetime | None) -> None:
    assert locomo_moment(words) == moment


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (sample(session_1=[{"text": "x"}]), Problem(1, "'conv-1', session_1[0]: speaker: missing", "turn")),
        (sample(session_1=[{"speaker": "Ida"}]), Problem(1, "'conv-1', session_1[0]: text: missing", "turn")),
        (sample(session_2=["hi"]), Problem(3, "'conv-1', session_2[0]: must be an object, not a string", "turn")),
        (
            sample(session_2=[{"speaker": "Ida", "text": "x" * 25_001}]),
            Problem(3, "'conv-1', session_2[0]: text: must have at most 25000 characters, has 25001", "turn"),
        ),
        (sample(session_1="hi"), Problem(1, "'conv-1': session_1: must be an array, not a string", "sample")),
        (sample(session_1_date_time=None), Problem(1, "'conv-1': session_1_date_time: missing", "sample")),
        (
            sample(session_1_date_time=5),
            Problem(1, "'conv-1': session_1_date_time: must be a string, not a number", "sample"),
        ),
        (
            sample(session_1_date_time="yesterday"),
            Problem(
                1,
                "'conv-1': session_1_date_time: must be of the form \"1:56 pm on 8 May, 2023\", not 'yesterday'",
                "sample",
            ),
        ),
        ({"sample_id": "x"}, Problem(1, "conversation: must be an object, not null", "sample")),
        ([], Problem(1, "sample: must be an object, not an array", "sample")),
        (sample(["x"]), Problem(1, "sample_id: must be a string, not an array", "sample")),
    ],
)
def test_what_is_wrong_is_named_by_its_number_and_the_rule(wrong: object, problem: Problem) -> None:
    found = read(wrong, sample("conv-2"))
    assert [each for each in found if isinstance(each, Problem)] == [problem]
    assert any(isinstance(each, Turn) and each.circle == "conv-2" for each in found)


def test_a_sample_id_may_be_used_once() -> None:
    assert read(sample("a"), sample("a"))[-1] == Problem(2, "sample_id: must be unique, 'a' was used before", "sample")


def test_a_picture_without_words_is_an_empty_text_with_its_caption() -> None:
    (turn,) = (
        t
        for t in read(sample(session_1=[], session_2=[{"speaker": "Ida", "blip_caption": "a leek"}]))
        if isinstance(t, Turn)
    )
    assert (turn.content, turn.metadata) == ("", {"blip_caption": "a leek"})


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('{"a": 1}', "file: must hold one JSON array"),
        ('[{"a": 1}', "file: must hold one JSON array, which does not end"),
        ("[] []", "file: nothing may follow the JSON array"),
        ("", "file: must hold one JSON array, which does not end"),
    ],
)
def test_a_file_that_is_no_array_is_a_problem(text: str, rule: str) -> None:
    assert list(read_locomo(io.BytesIO(text.encode())))[-1] == Problem(1, rule, "sample")


def test_a_sample_that_is_no_json_leaves_the_others_readable() -> None:
    text = f"[{json.dumps(sample('a'))}, {{'b'}}, {json.dumps(sample('c'))}]"
    found = list(read_locomo(io.BytesIO(text.encode())))
    assert [each.rule for each in found if isinstance(each, Problem)] == [
        "sample: must be JSON: Expecting property name enclosed in double quotes at column 2"
    ]
    assert {each.circle for each in found if isinstance(each, Turn)} == {"a", "c"}


@pytest.mark.skipif(not REAL.exists(), reason="the LoCoMo conversations are no part of the project")
def test_the_published_conversations_are_read_whole() -> None:
    with REAL.open("rb") as file:
        found = list(read_locomo(file))
    turns = [each for each in found if isinstance(each, Turn)]
    assert len(turns) == len(found) == 788
    assert len({t.session for t in turns}) == 38
    assert all("dia_id" in t.metadata and t.created_at is not None for t in turns)
