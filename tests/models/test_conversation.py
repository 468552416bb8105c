"""Conversations with a language model: tools, answers as they are written, and thoughts that are nobody's business."""

from collections.abc import AsyncIterator, Sequence

import pytest

from app.models.completions import Reply, ToolCall, Turn
from app.models.faults import ModelGarbage, ModelPermanent, ModelRefused, ModelTransient
from app.models.language import LanguageModel, Tool
from app.models.spoken import Spoken, spoken
from app.settings import ModelSettings
from tests.models.scripted import Call, Fail, Raw, Say, ScriptedServer

TURNS: list[Turn] = [{"role": "system", "content": "You answer."}, {"role": "user", "content": "Who is it?"}]
TOOLS = [Tool(name="look", description="Looks.", parameters={"type": "object", "properties": {}})]


@pytest.fixture
async def model(scripted: ScriptedServer) -> AsyncIterator[LanguageModel]:
    made = LanguageModel(ModelSettings(base_url=scripted.url, model="model-1", timeout_seconds=5))
    yield made
    await made.close()


async def streamed(model: LanguageModel, tools: Sequence[Tool] = ()) -> tuple[list[str], Reply]:
    got = [piece async for piece in model.stream(TURNS, tools, name="chat")]
    assert isinstance(got[-1], Reply)
    return [piece for piece in got[:-1] if isinstance(piece, str)], got[-1]


async def test_words_and_calls_come_back(scripted: ScriptedServer, model: LanguageModel) -> None:
    scripted.script = lambda call: Say("", calls=(("look", {"at": "it"}),)) if call.tools else Say("It is Ana.")
    said = await model.say(TURNS, name="chat", max_tokens=250)
    called = await model.say(TURNS, TOOLS, name="chat", max_tokens=9_000)
    assert (said.text, said.calls) == ("It is Ana.", ())
    assert called.calls == (ToolCall("t2-0", "look", '{"at": "it"}'),)
    assert [call.body["max_tokens"] for call in scripted.calls] == [250, 4096]
    assert scripted.calls[1].body["tool_choice"] == "auto"


async def test_pieces_come_as_they_are_written_and_then_the_whole(
    scripted: ScriptedServer, model: LanguageModel
) -> None:
    scripted.script = lambda call: Say("It is Ana, und sonst niemand — 你好.", finish="length")
    pieces, reply = await streamed(model)
    assert len(pieces) > 3
    assert "".join(pieces) == reply.text == "It is Ana, und sonst niemand — 你好."
    assert reply.truncated


async def test_calls_in_pieces_are_put_together(scripted: ScriptedServer, model: LanguageModel) -> None:
    scripted.script = lambda call: Say("Hm", calls=(("look", {"at": "it"}), ("look", {"at": "that"})))
    pieces, reply = await streamed(model, TOOLS)
    assert pieces == ["Hm"]
    assert [(call.name, call.arguments) for call in reply.calls] == [
        ("look", '{"at": "it"}'),
        ("look", '{"at": "that"}'),
    ]


async def test_an_endpoint_that_refuses_tools_is_asked_without(scripted: ScriptedServer, model: LanguageModel) -> None:
    def script(call: Call) -> Fail | Say:
        return Fail(500, "tools param requires --jinja flag") if call.tools else Say("It is Ana.")

    scripted.script = script
    assert (await model.say(TURNS, TOOLS, name="chat")).text == "It is Ana."
    assert not model.tools
    assert (await streamed(model, TOOLS))[1].text == "It is Ana."
    assert [call.tools for call in scripted.calls] == [["look"], [], []]


async def test_a_stream_falls_back_to_no_tools_too(scripted: ScriptedServer, model: LanguageModel) -> None:
    scripted.script = lambda call: Fail(400, "unknown field tools") if call.tools else Say("It is Ana.")
    assert (await streamed(model, TOOLS))[1].text == "It is Ana."
    assert not model.tools


async def test_a_parameter_that_is_not_known_is_left_out_of_streams(
    scripted: ScriptedServer, model: LanguageModel
) -> None:
    scripted.script = lambda call: Fail(400, "temperature is fixed") if "temperature" in call.body else Say("Ana")
    assert (await streamed(model))[1].text == "Ana"


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Fail(429), ModelTransient),
        (Fail(401), ModelPermanent),
        (Say("", refusal="no"), ModelRefused),
        (Raw(b"data: {]\n\n"), ModelGarbage),
        (Raw(b'data: {"choices": 1}\n\n'), ModelGarbage),
        (Raw(b"data: [DONE]\n\n"), ModelGarbage),
        (Raw(b'data: {"error": {"message": "overloaded"}}\n\n'), ModelTransient),
        (Say("a long enough text", breaks=True), ModelTransient),
    ],
)
async def test_what_goes_wrong_with_a_stream_is_sorted(
    scripted: ScriptedServer, model: LanguageModel, reply: Fail | Say | Raw, kind: type[Exception]
) -> None:
    scripted.script = lambda call: reply
    with pytest.raises(kind):
        await streamed(model)


@pytest.mark.parametrize(
    ("text", "visible"),
    [
        ("Ana.", "Ana."),
        ("  <think>who?</think>\n\nAna.", "Ana."),
        ("<thinking>a</thinking><think>b</think>Ana.", "Ana."),
        ("<think>never ends", ""),
        ("<thi", "<thi"),
        ("<b>Ana</b>", "<b>Ana</b>"),
        ("Ana <think>not at the start</think>", "Ana <think>not at the start</think>"),
    ],
)
def test_thoughts_are_left_out_of_pieces_of_any_size(text: str, visible: str) -> None:
    for size in (1, 3, 100):
        seen = Spoken()
        pieces = [seen.add(text[start : start + size]) for start in range(0, len(text), size)]
        assert "".join(pieces) + seen.rest() == visible


def test_thoughts_whose_beginning_the_template_wrote_are_left_out_of_whole_answers() -> None:
    assert spoken("who is it?</think>\nAna.") == "Ana."
    assert spoken("<think>x</think>Ana </think> said") == "Ana </think> said"
