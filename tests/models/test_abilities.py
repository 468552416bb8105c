"""`doxa doctor` says what a model's endpoint can do."""

import pytest

from app.engine.doctor import examine
from app.engine.home import home_at
from app.models.abilities import Abilities, probe
from app.models.language import Tier
from app.settings.models import ModelSettings
from tests.models.scripted import Call, Fail, Reply, Say, ScriptedServer


def able(call: Call) -> Reply:
    if call.tools:
        return Say("", calls=(("look_at_sky", {}),))
    return Say({"ready": True}) if call.format else Say("Blue.")


def poor(call: Call) -> Reply:
    if call.tools or call.format or call.body.get("stream"):
        return Fail(400, "response_format, tools and stream are not supported")
    return Say('{"ready": true}')


async def test_what_an_endpoint_can_do_is_found_by_asking(scripted: ScriptedServer) -> None:
    settings = ModelSettings(base_url=scripted.url, model="m", timeout_seconds=5)
    scripted.script = able
    assert await probe(settings) == Abilities(tier=Tier.SCHEMA, tools=True, calls_tools=True, streams=True, faults=[])
    scripted.script = poor
    found = await probe(settings)
    assert (found.tier, found.tools, found.calls_tools, found.streams) == (Tier.PROMPT, False, False, False)
    assert len(found.faults) == 1
    scripted.script = lambda call: Fail(401, "no such key")
    found = await probe(settings)
    assert (found.tier, len(found.faults)) == (None, 3)


@pytest.mark.parametrize("working", [True, False])
def test_the_doctor_names_each_model_once_with_its_steps(
    scripted: ScriptedServer, tmp_path_factory: pytest.TempPathFactory, working: bool
) -> None:
    scripted.script = able if working else lambda call: Fail(401, "no such key")
    environment = {"OPENAI_BASE_URL": scripted.url, "DOXA_LLM_MODEL": "m", "DOXA_LLM_CHAT_MODEL": "n"}
    home = home_at(tmp_path_factory.mktemp("home"), environment)
    found = [one for one in examine(home, environment) if one.name.startswith("model")]
    assert [one.name for one in found] == ["model m (reasoning, derivation, summary, dream)", "model n (chat)"]
    assert {one.good for one in found} == {working}
    if working:
        assert {one.text for one in found} == {"structured answers by json_schema; calls tools; answers in pieces"}
    else:
        assert all("401" in one.text for one in found)
