"""The conversation that ships with the package is what the demonstration promises."""

import io
import itertools
from importlib.resources import files

from app.importers.jsonl import read_jsonl
from app.importers.turns import Turn


def conversation() -> list[Turn]:
    raw = files("app.demo").joinpath("conversation.jsonl").read_bytes()
    entries = list(read_jsonl(io.BytesIO(raw)))
    assert all(isinstance(each, Turn) for each in entries)
    return [each for each in entries if isinstance(each, Turn)]


def test_three_peers_talk_in_three_sessions_on_different_dates() -> None:
    turns = conversation()
    assert len(turns) >= 80
    assert {turn.peer for turn in turns} == {"mara", "theo", "juniper"}
    assert len({turn.session for turn in turns}) == 3
    assert len({turn.created_at.date() for turn in turns if turn.created_at}) == 3


def test_everybody_speaks_in_every_session() -> None:
    turns = conversation()
    for session in {turn.session for turn in turns}:
        assert len({turn.peer for turn in turns if turn.session == session}) == 3


def test_every_message_is_later_than_the_one_before_it() -> None:
    moments = [turn.created_at for turn in conversation() if turn.created_at is not None]
    assert len(moments) == len(conversation())
    assert all(earlier < later for earlier, later in itertools.pairwise(moments))


def test_facts_repeat_change_and_conflict() -> None:
    said = {(turn.session, turn.content) for turn in conversation()}
    assert sum("allergic to walnuts" in text for _, text in said) == 3
    homes = ["I live in Ghent", "I moved to Antwerp"]
    assert [next(session for session, text in said if home in text) for home in homes] == ["first-plans", "the-lease"]
    assert {text for session, text in said if session == "last-weeks" and "our opening day is" in text.lower()} == {
        "Our opening day is 13 September. I told the bank last week.",
        "No, our opening day is 20 September. I put that date on 500 flyers.",
    }
