"""The language model client, against a scripted endpoint: tiers, repair, and what is never taken for an answer."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from msgspec import Struct

from app.models.faults import ModelGarbage, ModelPermanent, ModelRefused, ModelTransient
from app.models.language import Answer, LanguageModel, Tier
from app.settings import ModelSettings
from tests.models.scripted import Call, Fail, Hang, Raw, Reply, Say, Script, ScriptedServer, refusing


class City(Struct):
    name: str
    people: int | None = None


LISBON = {"name": "Lisbon", "people": 545_000}
Client = Callable[[], LanguageModel]


@pytest.fixture
async def client(scripted: ScriptedServer) -> AsyncIterator[Client]:
    made: list[LanguageModel] = []

    def make() -> LanguageModel:
        settings = ModelSettings(base_url=scripted.url, api_key="key-1", model="model-1", timeout_seconds=5)
        made.append(LanguageModel(settings))
        return made[-1]

    yield make
    for one in made:
        await one.close()


async def ask(model: LanguageModel, user: str = "Which city?") -> Answer[City]:
    return await model.structured(system="You name cities.", user=user, schema=City, name="city")


async def test_an_answer_comes_with_what_it_took(scripted: ScriptedServer, client: Client) -> None:
    scripted.script = lambda call: Say(LISBON, prompt_tokens=31, completion_tokens=7)
    answer = await ask(client())
    assert answer.value == City("Lisbon", 545_000)
    assert (answer.model, answer.tier, answer.calls) == ("model-1", Tier.SCHEMA, 1)
    assert (answer.prompt_tokens, answer.completion_tokens) == (31, 7)
    assert answer.seconds > 0
    body = scripted.calls[0].body
    assert scripted.calls[0].path == "/v1/chat/completions"
    assert (body["model"], body["temperature"], body["max_tokens"]) == ("model-1", 0, 4096)
    assert scripted.calls[0].messages == [("system", "You name cities."), ("user", "Which city?")]


async def test_tokens_are_counted_here_when_the_endpoint_does_not(scripted: ScriptedServer, client: Client) -> None:
    body = b'{"choices": [{"message": {"content": "{\\"name\\": \\"Porto\\"}"}}]}'
    scripted.script = lambda call: Raw(body)
    answer = await ask(client())
    assert answer.value == City("Porto")
    assert answer.model == "model-1"
    assert 5 < answer.prompt_tokens < 30
    assert 3 < answer.completion_tokens < 12


REFUSED: list[tuple[set[str], Tier]] = [
    (set(), Tier.SCHEMA),
    ({"json_schema"}, Tier.OBJECT),
    ({"json_schema", "json_object"}, Tier.PROMPT),
]


@pytest.mark.parametrize(("formats", "tier"), REFUSED)
@pytest.mark.parametrize("status", [400, 404, 422, 500])
async def test_the_best_tier_an_endpoint_offers_is_found_once(
    scripted: ScriptedServer, client: Client, formats: set[str], tier: Tier, status: int
) -> None:
    scripted.script = refusing(formats, lambda call: Say(LISBON), status)
    model = client()
    assert (await ask(model)).tier is tier
    assert len(scripted.calls) == 1 + len(formats)
    assert (await ask(model)).tier is tier
    assert len(scripted.calls) == 2 + len(formats)
    needs_words = tier is not Tier.SCHEMA
    assert ("additionalProperties" in scripted.calls[-1].messages[0][1]) is needs_words


async def test_an_endpoint_that_ignores_the_schema_is_found_out(scripted: ScriptedServer, client: Client) -> None:
    scripted.script = lambda call: Say(LISBON) if call.format != "json_schema" else Say("Lisbon, I would say.")
    model = client()
    answer = await ask(model)
    assert (answer.tier, answer.calls) == (Tier.OBJECT, 2)
    assert (answer.prompt_tokens, answer.completion_tokens) == (200, 40)
    assert (await ask(model)).calls == 1


async def test_thoughts_and_fences_do_not_matter(scripted: ScriptedServer, client: Client) -> None:
    scripted.script = lambda call: Say('<think>{"name": "Porto"}?</think>```json\n{"name": "Lisbon"}\n```')
    assert (await ask(client())).value == City("Lisbon")


def bad_at(numbers: set[int]) -> Script:
    return lambda call: Say({"city": "Lisbon"}) if call.number in numbers else Say(LISBON)


async def test_a_bad_answer_is_repaired_once(scripted: ScriptedServer, client: Client) -> None:
    scripted.script = bad_at({2})
    model = client()
    await ask(model)
    assert (await ask(model)).value == City("Lisbon", 545_000)
    roles = [role for role, _ in scripted.calls[2].messages]
    assert roles == ["system", "user", "assistant", "user"]
    assert scripted.calls[2].messages[2][1] == '{"city": "Lisbon"}'
    assert "missing required field `name`" in scripted.calls[2].messages[3][1]


async def test_two_bad_answers_are_garbage_never_an_empty_result(scripted: ScriptedServer, client: Client) -> None:
    scripted.script = bad_at({2, 3})
    model = client()
    await ask(model)
    with pytest.raises(ModelGarbage, match=r"model model-1, city: no valid answer: .*`name`"):
        await ask(model)
    assert (await ask(model)).calls == 1


async def test_a_model_that_only_chats_is_garbage_at_every_tier(scripted: ScriptedServer, client: Client) -> None:
    scripted.script = lambda call: Say("Hello! How can I help you today?")
    with pytest.raises(ModelGarbage, match="no complete JSON object"):
        await ask(client())
    assert [call.format for call in scripted.calls] == ["json_schema", "json_object", None, None]


async def test_an_answer_cut_at_the_limit_says_so(scripted: ScriptedServer, client: Client) -> None:
    scripted.script = lambda call: Say('{"name": "Lis', finish="length")
    with pytest.raises(ModelGarbage, match="cut at 4096 tokens") as raised:
        await ask(client())
    assert raised.value.truncated
    assert len(scripted.calls) == 1


@pytest.mark.parametrize("reply", [Say("", finish="content_filter"), Say("", refusal="I won't.")])
async def test_a_refusal_is_permanent(scripted: ScriptedServer, client: Client, reply: Reply) -> None:
    scripted.script = lambda call: reply
    with pytest.raises(ModelRefused, match="the model declined"):
        await ask(client())
    assert len(scripted.calls) == 1


@pytest.mark.parametrize("body", [b'{"choices": []}', b'{"error": {"message": "upstream is busy"}}'])
async def test_an_error_dressed_as_success_is_transient(scripted: ScriptedServer, client: Client, body: bytes) -> None:
    scripted.script = lambda call: Raw(body)
    with pytest.raises(ModelTransient, match="the endpoint sent no answer"):
        await ask(client())


@pytest.mark.parametrize(
    ("status", "kind", "calls"),
    [(401, ModelPermanent, 1), (403, ModelPermanent, 1), (404, ModelPermanent, 3), (429, ModelTransient, 1),
     (500, ModelTransient, 3), (503, ModelTransient, 1)],
)  # fmt: skip
async def test_errors_keep_their_class_and_cost_few_calls(
    scripted: ScriptedServer, client: Client, status: int, kind: type[Exception], calls: int
) -> None:
    scripted.script = lambda call: Fail(status, "no such thing", {"retry-after": "11"})
    with pytest.raises(kind, match=f"model model-1, city: the endpoint answered {status}") as raised:
        await ask(client())
    assert len(scripted.calls) == calls
    if isinstance(raised.value, ModelTransient):
        assert raised.value.retry_after == 11


async def test_a_tier_that_worked_is_not_doubted_for_another_error(scripted: ScriptedServer, client: Client) -> None:
    scripted.script = lambda call: Say(LISBON) if call.number == 1 else Fail(400, "the prompt is too long")
    model = client()
    await ask(model)
    with pytest.raises(ModelPermanent, match="answered 400") as raised:
        await ask(model)
    assert "too long" in raised.value.said
    assert len(scripted.calls) == 2


async def test_a_tier_that_stops_working_is_left(scripted: ScriptedServer, client: Client) -> None:
    model = client()
    scripted.script = lambda call: Say(LISBON)
    await ask(model)
    scripted.script = refusing({"json_schema"}, lambda call: Say(LISBON))
    assert (await ask(model)).tier is Tier.OBJECT


def particular(call: Call) -> Reply:
    """An endpoint like those of reasoning models."""
    if "max_tokens" in call.body:
        return Fail(400, "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead.")
    if call.body.get("temperature", 1) != 1:
        return Fail(400, "Unsupported value: 'temperature' does not support 0.")
    return Say(LISBON)


async def test_parameters_an_endpoint_does_not_know_are_left_out_for_good(
    scripted: ScriptedServer, client: Client
) -> None:
    scripted.script = particular
    model = client()
    assert (await ask(model)).tier is Tier.SCHEMA
    assert len(scripted.calls) == 3
    await ask(model)
    assert len(scripted.calls) == 4
    assert scripted.calls[-1].body["max_completion_tokens"] == 4096


async def test_parameters_are_learnt_by_many_tasks_at_once(scripted: ScriptedServer, client: Client) -> None:
    scripted.script = particular
    model = client()
    answers = await asyncio.gather(*(ask(model) for _ in range(12)))
    assert {answer.value.name for answer in answers} == {"Lisbon"}


async def test_a_complaint_that_stays_ends_the_call(scripted: ScriptedServer, client: Client) -> None:
    scripted.script = lambda call: Fail(400, "max_tokens, max_completion_tokens and temperature are wrong")
    with pytest.raises(ModelPermanent):
        await ask(client())
    assert len(scripted.calls) < 8


async def test_a_silent_endpoint_is_given_up(scripted: ScriptedServer) -> None:
    scripted.script = lambda call: Hang()
    model = LanguageModel(ModelSettings(base_url=scripted.url, model="model-1", timeout_seconds=0.3))
    with pytest.raises(ModelTransient, match="no answer within the time limit"):
        await ask(model)
    await model.close()


async def test_no_more_calls_than_allowed_are_under_way(scripted: ScriptedServer) -> None:
    model = LanguageModel(ModelSettings(base_url=scripted.url, model="m", timeout_seconds=2, concurrency=2))
    scripted.script = lambda call: Hang()
    asked = [asyncio.create_task(ask(model)) for _ in range(4)]
    while len(scripted.calls) < 2:
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.2)
    assert len(scripted.calls) == 2
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert {type(fault) for fault in found} == {ModelTransient}
    assert len(scripted.calls) == 4
    await model.close()


async def test_a_probe_says_what_an_endpoint_can_do(scripted: ScriptedServer, client: Client) -> None:
    scripted.script = refusing({"json_schema"}, lambda call: Say({"ready": True}))
    answer = await client().probe()
    assert (answer.tier, answer.value.ready) == (Tier.OBJECT, True)


def test_a_client_needs_the_name_of_a_model() -> None:
    with pytest.raises(ModelPermanent, match="DOXA_LLM_MODEL is not set"):
        LanguageModel(ModelSettings(api_key="k"))
