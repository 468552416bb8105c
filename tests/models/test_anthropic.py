"""Anthropic's API behind the same client: forms, tools, streams, and every error of its package in its place."""

import json
from collections.abc import AsyncIterator

import anthropic
import httpx2
import pytest
from msgspec import Struct

from app.models.anthropic_endpoint import SORTED, translate
from app.models.completions import Reply, ToolCall, Turn
from app.models.faults import ModelFault, ModelGarbage, ModelPermanent, ModelRefused, ModelTransient
from app.models.language import LanguageModel, Tier, Tool
from app.models.spending import Ledger
from app.settings.models import ModelSettings, Price
from tests.models.scripted import Call, Fail, Raw, ScriptedServer
from tests.models.scripted import Reply as Answer

Json = dict[str, object]
TURNS: list[Turn] = [{"role": "system", "content": "You answer."}, {"role": "user", "content": "Who is it?"}]
LOOK = Tool(name="look", description="Looks.", parameters={"type": "object", "properties": {}})
LOOKED: list[Turn] = [
    *TURNS,
    {"role": "assistant", "content": "", "tool_calls": [
        {"id": "t1", "type": "function", "function": {"name": "look", "arguments": '{"at": "it"}'}}]},
    {"role": "tool", "tool_call_id": "t1", "content": "It is Ana."},
    {"role": "user", "content": "Enough."},
]  # fmt: skip


class City(Struct):
    name: str


def said(*blocks: Json, stop: str = "end_turn") -> Raw:
    usage = {"input_tokens": 31, "output_tokens": 7}
    return Raw(json.dumps({"content": blocks, "model": "m-1", "stop_reason": stop, "usage": usage}).encode())


def text(words: str) -> Json:
    return {"type": "text", "text": words}


def use(name: str, given: Json) -> Json:
    return {"type": "tool_use", "id": "t1", "name": name, "input": given}


def events(*told: Json) -> Raw:
    body = "".join(f"event: {one['type']}\ndata: {json.dumps(one)}\n\n" for one in told)
    return Raw(body.encode(), headers={"content-type": "text/event-stream"})


@pytest.fixture
async def model(scripted: ScriptedServer) -> AsyncIterator[LanguageModel]:
    url = scripted.url.removesuffix("/v1")
    prices = {"m": Price(prompt=3, completion=15)}
    settings = ModelSettings(
        provider="anthropic", base_url=url, api_key="k", model="m", timeout_seconds=5, prices=prices
    )
    made = LanguageModel(settings)
    yield made
    await made.close()


async def city(model: LanguageModel, ledger: Ledger | None = None) -> City:
    answer = await model.structured(system="You name cities.", user="Which?", schema=City, name="city", ledger=ledger)
    return answer.value


async def test_a_form_is_asked_for_as_a_tool_that_must_be_called(
    scripted: ScriptedServer, model: LanguageModel
) -> None:
    scripted.script = lambda call: said(use("city", {"name": "Lisbon"}), stop="tool_use")
    ledger = Ledger()
    assert await city(model, ledger) == City("Lisbon")
    (call,) = scripted.calls
    assert call.path == "/v1/messages"
    assert "k" in {call.headers.get("x-api-key"), call.headers.get("authorization", "").removeprefix("Bearer ")}
    assert call.body["tool_choice"] == {"type": "tool", "name": "city"}
    assert (call.body["system"], call.body["max_tokens"], call.body["temperature"]) == ("You name cities.", 4096, 0)
    assert model.tier is Tier.SCHEMA
    (spent,) = ledger.calls
    assert (spent.model, spent.prompt_tokens, spent.completion_tokens) == ("m-1", 31, 7)
    assert spent.cost == pytest.approx((31 * 3 + 7 * 15) / 1e6)


async def test_a_model_that_takes_no_tools_is_asked_in_words(scripted: ScriptedServer, model: LanguageModel) -> None:
    def answer(call: Call) -> Answer:
        return Fail(400, "tool_choice is not supported") if call.body.get("tools") else said(text('{"name": "Porto"}'))

    scripted.script = answer
    assert await city(model) == City("Porto")
    assert "JSON schema" in str(scripted.calls[-1].body["system"])


async def test_tools_are_offered_called_and_answered_in_its_words(
    scripted: ScriptedServer, model: LanguageModel
) -> None:
    scripted.script = lambda call: said(use("look", {"at": "it"}), stop="tool_use")
    reply = await model.say(LOOKED, [LOOK], name="chat", max_tokens=50)
    assert reply.calls == (ToolCall("t1", "look", '{"at": "it"}'),)
    body = scripted.calls[0].body
    assert body["tools"] == [{"name": "look", "description": "Looks.", "input_schema": LOOK.parameters}]
    assert body["messages"] == [
        {"role": "user", "content": [text("Who is it?")]},
        {"role": "assistant", "content": [use("look", {"at": "it"})]},
        {"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": "t1", "content": "It is Ana."}, text("Enough.")]},
    ]  # fmt: skip


async def test_without_tools_what_was_looked_up_is_told_as_text(scripted: ScriptedServer, model: LanguageModel) -> None:
    scripted.script = lambda call: said(text("Ana."))
    assert (await model.say(LOOKED, name="chat")).text == "Ana."
    body = scripted.calls[0].body
    assert "tools" not in body
    assert "tool_" not in json.dumps(body["messages"])
    assert "It is Ana." in json.dumps(body["messages"])


async def test_an_answer_comes_in_pieces_and_then_whole(scripted: ScriptedServer, model: LanguageModel) -> None:
    scripted.script = lambda call: events(
        {"type": "message_start", "message": {"model": "m-1", "usage": {"input_tokens": 31, "output_tokens": 1}}},
        {"type": "content_block_start", "index": 0, "content_block": text("")},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "It is "}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Ana."}},
        {"type": "content_block_start", "index": 1, "content_block": use("look", {})},
        {"type": "content_block_delta", "index": 1, "delta": {"type": "input_json_delta", "partial_json": '{"at":'}},
        {"type": "content_block_delta", "index": 1, "delta": {"type": "input_json_delta", "partial_json": ' "it"}'}},
        {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 9}},
        {"type": "message_stop"},
    )
    got = [piece async for piece in model.stream(TURNS, [LOOK], name="chat")]
    reply = got[-1]
    assert isinstance(reply, Reply)
    assert got[:-1] == ["It is ", "Ana."]
    assert (reply.text, reply.calls) == ("It is Ana.", (ToolCall("t1", "look", '{"at": "it"}'),))
    assert (reply.model, reply.prompt_tokens, reply.completion_tokens) == ("m-1", 31, 9)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Fail(429, headers={"retry-after": "9"}), ModelTransient),
        (Fail(529), ModelTransient),
        (Fail(401), ModelPermanent),
        (said(stop="refusal"), ModelRefused),
        (Raw(b"<html>"), ModelGarbage),
        (Raw(b"{}"), ModelGarbage),
        (Raw(b'{"content": [', declared=900), ModelTransient),
    ],
)
async def test_what_goes_wrong_is_sorted(
    scripted: ScriptedServer, model: LanguageModel, reply: Answer, kind: type[ModelFault]
) -> None:
    scripted.script = lambda call: reply
    with pytest.raises(ModelFault) as raised:
        await model.say(TURNS, name="chat")
    assert type(raised.value) is kind
    if isinstance(reply, Fail) and reply.headers:
        assert isinstance(raised.value, ModelTransient)
        assert raised.value.retry_after == 9


async def test_an_error_within_a_stream_may_pass(scripted: ScriptedServer, model: LanguageModel) -> None:
    scripted.script = lambda call: events({"type": "error", "error": {"type": "overloaded_error", "message": "busy"}})
    with pytest.raises(ModelTransient):
        _ = [piece async for piece in model.stream(TURNS, name="chat")]


def errors_of(base: type[Exception]) -> set[type[Exception]]:
    found = {base}
    for kind in base.__subclasses__():
        found |= errors_of(kind)
    return {kind for kind in found if kind.__module__ in {"anthropic", "anthropic._exceptions"}}


UNSORTED = {"AnthropicError", "CredentialsError", "IdentityTokenFileError", "APIWebhookValidationError"}
"""The root class and errors of setting up a client: permanent, as something must be changed."""


def test_no_error_class_of_the_package_is_missed() -> None:
    errors = {kind.__name__: kind for kind in errors_of(anthropic.AnthropicError)}
    assert len(errors) > 15
    strange = {
        name
        for name, kind in errors.items()
        if name not in UNSORTED and not name.startswith("_") and not any(issubclass(kind, known) for known in SORTED)
    }
    assert strange == set()
    request = httpx2.Request("POST", "http://127.0.0.1/v1/messages")
    response = httpx2.Response(404, request=request)
    fault = translate(anthropic.NotFoundError("no such model", response=response, body=None), "call")
    assert (type(fault), fault.status) == (ModelPermanent, 404)
    assert type(translate(anthropic.AnthropicError("no key"), "call")) is ModelPermanent
