"""What a client asks, and what it is answered: whole, as a stream, with evidence."""

# pyright: reportMissingTypeStubs=false

from typing import Any

import pytest
from honcho import ChatResponse, NotFoundError, UnprocessableEntityError
from pydantic import BaseModel

from tests.clients.python.told import Told, told
from tests.clients.python.way import Way

QUESTION = "Where does Ana live now?"


class Home(BaseModel):
    """A shape that an answer is asked to have."""

    city: str


async def answers_from_what_is_held_about_a_peer(do: Way) -> None:
    chat = await told(do)
    answer = await do(chat.ana).chat(QUESTION)
    assert isinstance(answer, str)
    assert "Lisbon" in answer
    of_bot = await do(chat.bot).chat(
        QUESTION, target=chat.ana, session=chat.first, reasoning_level="minimal", timeout=30
    )
    assert "Lisbon" in of_bot
    elsewhere = await do(chat.ana).chat(QUESTION, sessions=[chat.second]) or ""
    assert "Lisbon" not in elsewhere, "what was said outside the allowed sessions is not recalled"

    told_why: ChatResponse[Any] = await do(chat.ana).chat(QUESTION, include_evidence=True)
    assert "Lisbon" in (told_why.content or "")
    assert "evidence" in repr(told_why)
    _rests_on_lisbon(chat, told_why.evidence)
    assert told_why.evidence is not None
    assert {each.observer_id for each in told_why.evidence.conclusions} == {"ana"}


async def streams_the_same_answer(do: Way) -> None:
    chat = await told(do)
    stream = await do(chat.ana).chat_stream(QUESTION, include_evidence=True, reasoning_level="low")
    assert (stream.is_complete, stream.evidence) == (False, None)
    pieces = await do.all(stream)
    assert pieces
    assert stream.is_complete
    assert stream.get_final_response() == {"content": "".join(pieces)}
    assert "Lisbon" in "".join(pieces)
    _rests_on_lisbon(chat, stream.evidence)

    plain = await do(chat.bot).chat_stream(QUESTION, target="ana", session="first")
    assert "Lisbon" in "".join(await do.all(plain))
    assert plain.evidence is None, "nobody asked for it"
    missing = await do(chat.ana).chat_stream(QUESTION, target="nobody")
    with pytest.raises(NotFoundError):
        await do.all(missing)


async def answers_from_the_whole_workspace(do: Way) -> None:
    chat = await told(do)
    answer = await do(chat.honcho).chat(QUESTION, reasoning_level="low")
    assert "Lisbon" in answer
    assert "Lisbon" in await do(chat.honcho).chat(QUESTION, session=chat.first)
    told_why = await do(chat.honcho).chat(QUESTION, include_evidence=True)
    _rests_on_lisbon(chat, told_why.evidence)
    stream = await do(chat.honcho).chat_stream(QUESTION, session="first", include_evidence=True)
    assert "Lisbon" in "".join(await do.all(stream))
    _rests_on_lisbon(chat, stream.evidence)


async def refuses_what_cannot_be_asked(do: Way) -> None:
    chat = await told(do)
    with pytest.raises(NotFoundError):
        await do(chat.ana).chat(QUESTION, target="nobody")
    with pytest.raises(NotFoundError):
        await do(chat.ana).chat(QUESTION, session="never-made")
    with pytest.raises(UnprocessableEntityError):
        await do(chat.ana).chat("x" * 10_001)
    with pytest.raises(ValueError, match="mutually exclusive"):
        await do(chat.ana).chat(QUESTION, scope="a", session="first")
    with pytest.raises(UnprocessableEntityError) as refused:
        await do(chat.ana).chat(QUESTION, response_format={"type": "array"})
    assert "response_format" in refused.value.message
    with pytest.raises(UnprocessableEntityError, match="model"):
        await do(chat.ana).chat(QUESTION, response_format=Home)


def _rests_on_lisbon(chat: Told, evidence: Any) -> None:
    """The evidence names what was read: a conclusion or the very message that speaks of Lisbon."""
    read = any("Lisbon" in each.content and each.observed_id == "ana" for each in evidence.conclusions)
    assert read or any(each.id == chat.messages[0].id for each in evidence.messages)
    assert all(each.session_id and each.peer_id in {"ana", "bot"} for each in evidence.messages)
    assert all(call.tool_name for call in evidence.tool_calls)


SCENARIOS = (
    answers_from_what_is_held_about_a_peer,
    streams_the_same_answer,
    answers_from_the_whole_workspace,
    refuses_what_cannot_be_asked,
)
