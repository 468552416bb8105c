"""The configuration cascade: later levels win, nulls never do, legacy keys count at their level."""

import pytest

from graph.configuration import Reasoning, resolve_reasoning

Level = dict[str, object] | None

ON, OFF = Reasoning(True), Reasoning(False)


def _told(words: str) -> dict[str, object]:
    return {"reasoning": {"custom_instructions": words}}


CASCADES: list[tuple[tuple[Level, ...], Reasoning]] = [
    ((), ON),
    (({}, None), ON),
    (({"reasoning": {"enabled": False}},), OFF),
    (({"reasoning": {"enabled": False}}, {"reasoning": {"enabled": None}}), OFF),
    (({"reasoning": {"enabled": False}}, {}, {"reasoning": {"enabled": True}}), ON),
    (({"deriver": {"enabled": False}},), OFF),
    (({"deriver": {"enabled": False}, "reasoning": {"enabled": True}},), ON),
    (({"skip_deriver": True},), OFF),
    (({"skip_deriver": True}, {"reasoning": {"enabled": True}}), ON),
    (({"skip_deriver": "yes"},), ON),
    (({"reasoning": "off"},), ON),
    (({"reasoning": {"custom_instructions": " be terse "}},), Reasoning(True, "be terse")),
    (
        (_told("a"), _told("b")),
        Reasoning(True, "b"),
    ),
    (({"reasoning": {"custom_instructions": "a"}}, {"reasoning": {"enabled": False}}), Reasoning(False, "a")),
]


@pytest.mark.parametrize(("levels", "resolved"), CASCADES)
def test_levels_are_laid_over_one_another(levels: tuple[Level, ...], resolved: Reasoning) -> None:
    assert resolve_reasoning(ON, *levels) == resolved


def test_the_deployment_s_default_is_below_all_levels() -> None:
    assert resolve_reasoning(OFF, {}) == OFF
    assert resolve_reasoning(OFF, {"reasoning": {"enabled": True}}) == ON
