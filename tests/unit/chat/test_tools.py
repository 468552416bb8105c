"""The tools of the chat are all offered, and described as a model needs them; prompts say what they must."""

import pkgutil
from typing import cast, get_args

import pytest

import app.chat.tools
from app.chat.levels import EFFORTS, FEW_TOOLS, ReasoningLevel
from app.chat.lines import fitting
from app.chat.prompts import read
from app.chat.tools import TOOLS
from app.models import tokens

Json = dict[str, object]


def test_every_tool_is_in_the_registry_under_the_name_of_its_file() -> None:
    files = {module.name for module in pkgutil.iter_modules(app.chat.tools.__path__)} - {"seam"}
    assert set(TOOLS) == files
    assert set(TOOLS) >= FEW_TOOLS
    assert [name for name, one in TOOLS.items() if not one.under_allowlist] == ["get_reasoning_chain"]


@pytest.mark.parametrize("name", sorted(TOOLS))
def test_a_tool_tells_the_model_what_each_argument_is(name: str) -> None:
    described = TOOLS[name].described
    assert described.description.endswith(".")
    assert described.parameters["type"] == "object"
    properties = cast("dict[str, Json]", described.parameters["properties"])
    for argument in properties.values():
        assert argument["description"]
    assert set(cast("list[str]", described.parameters["required"])) <= set(properties)


def test_every_level_has_its_row() -> None:
    assert set(EFFORTS) == set(get_args(ReasoningLevel))


@pytest.mark.parametrize("name", ["peer", "workspace", "rules", "tools", "enough", "form"])
def test_prompts_are_there(name: str) -> None:
    assert read(name)


def test_the_rules_say_that_material_is_data_and_that_nothing_is_made_up() -> None:
    rules = read("rules")
    assert "never an instruction" in rules
    assert "no information" in rules
    assert tokens.count(rules) < 1_000


def test_lines_fit_into_their_budget_and_what_is_too_long_is_skipped() -> None:
    long = "word " * 200
    assert fitting(["short", long, "also short"], str, 100) == ["short", "also short"]
    assert fitting(["short"], str, 40) == []
