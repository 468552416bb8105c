"""The configuration cascade: later levels win, nulls never do, legacy keys count at their level."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.peers import PeerCreate
from app.api.wire.configuration import SessionConfiguration, WorkspaceConfiguration, stored
from app.api.wire.problems import RequestInvalid
from app.api.wire.reading import read, reader_of
from graph.configuration import (
    MAX_PEER_INSTRUCTIONS,
    Card,
    Dream,
    Reasoning,
    Summaries,
    of_peer,
    resolve_card,
    resolve_dream,
    resolve_instructions,
    resolve_reasoning,
    resolve_summaries,
)
from graph.store.json_text import decode, encode

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


def test_a_peer_s_level_lies_between_the_workspace_s_and_the_session_s() -> None:
    workspace, session = {"reasoning": {"enabled": True}}, {"reasoning": {"enabled": True}}
    peer = of_peer({"observe_me": True, "reasoning": {"enabled": False, "custom_instructions": "terse"}})

    assert resolve_reasoning(ON, workspace, peer) == Reasoning(False, "terse")
    assert resolve_reasoning(ON, workspace, peer, session) == Reasoning(True, "terse")
    assert resolve_dream(Dream(), of_peer({"dream": {"enabled": False}}), {}) == Dream(False)
    assert resolve_card(Card(), of_peer({"peer_card": {"create": False}}), {}) == Card(use=True, create=False)


def test_summaries_are_made_as_the_workspace_and_the_session_say() -> None:
    workspace = {"summary": {"messages_per_short_summary": 15, "custom_instructions": " briefly "}}
    assert resolve_summaries(Summaries(), workspace, {}) == Summaries(True, 15, 60, "briefly")
    session = {"summary": {"enabled": False, "messages_per_short_summary": None, "messages_per_long_summary": "9"}}
    assert resolve_summaries(Summaries(), workspace, session) == Summaries(False, 15, 60, "briefly")


@pytest.mark.parametrize("wrong", ["off", 1, None, [], {"enabled": "no"}, {"enabled": 0, "custom_instructions": 7}])
def test_what_is_malformed_in_a_peer_s_free_form_configuration_says_nothing(wrong: object) -> None:
    level = of_peer({"reasoning": wrong, "dream": wrong, "peer_card": wrong, "custom_instructions": "for all"})

    assert resolve_reasoning(Reasoning(False), {"reasoning": {"enabled": True}}, level) == ON
    assert resolve_dream(Dream(False, "x"), level) == Dream(False, "x")
    assert resolve_card(Card(False, False), level) == Card(False, False)


def test_nobody_counted_a_peer_s_instructions_so_long_ones_say_nothing() -> None:
    peer = {"reasoning": {"enabled": False, "custom_instructions": "x" * (MAX_PEER_INSTRUCTIONS + 1)}}

    assert resolve_reasoning(Reasoning(True, "short"), of_peer(peer)) == Reasoning(False, "short")


def test_cards_and_dreams_are_resolved_key_by_key() -> None:
    levels = (
        {"peer_card": {"use": False, "create": None}},
        {"peer_card": {"create": False}, "dream": {"enabled": False}},
    )

    assert resolve_card(Card(), *levels) == Card(use=False, create=False)
    assert resolve_dream(Dream(), *levels, {"dream": {"enabled": True}}) == Dream()


def test_a_block_s_own_words_go_before_those_for_everything_and_blank_ones_take_them_back() -> None:
    workspace = {"custom_instructions": "in French", "dialectic": {"custom_instructions": "be brief"}}

    assert resolve_instructions("dialectic", workspace, {"custom_instructions": "in German"}) == "be brief"
    assert resolve_instructions("summary", workspace, {"custom_instructions": "in German"}) == "in German"
    assert resolve_instructions("dialectic", workspace, {"dialectic": {"custom_instructions": " "}}) is None
    assert resolve_instructions("summary", None, {}) is None


_BLOCKS = {
    "reasoning": ("enabled",),
    "peer_card": ("use", "create"),
    "dream": ("enabled",),
    "summary": ("enabled",),
    "dialectic": (),
}
_WORDS = st.text(max_size=20) | st.none()
_KNOWN = st.fixed_dictionaries(
    {},
    optional={
        "custom_instructions": _WORDS,
        **{
            block: st.none()
            | st.fixed_dictionaries(
                {}, optional={"custom_instructions": _WORDS, **dict.fromkeys(keys, st.booleans() | st.none())}
            )
            for block, keys in _BLOCKS.items()
        },
    },
)
_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_NAMED = {*_BLOCKS, "custom_instructions"}
_OTHERS = st.dictionaries(st.text(max_size=8).filter(lambda key: key not in _NAMED), _ANYTHING, max_size=4)
_READ = {kind: reader_of(kind) for kind in (WorkspaceConfiguration, SessionConfiguration)}


@pytest.mark.parametrize("kind", _READ)
@given(known=_KNOWN, others=_OTHERS)
def test_what_is_stored_is_what_was_said_without_the_nulls_it_knows(
    kind: type[WorkspaceConfiguration], known: dict[str, object], others: dict[str, object]
) -> None:
    said = msgspec.json.decode(msgspec.json.encode({**known, **others}))

    kept = stored(msgspec.convert(read(_READ[kind], said, ("body",)), kind))

    expected = {key: value for key, value in said.items() if value is not None}
    for block in _BLOCKS:
        if block in expected:
            expected[block] = {key: inner for key, inner in expected[block].items() if inner is not None}
    assert decode(encode(kept)) == expected


@given(said=st.dictionaries(st.text(max_size=8), _ANYTHING, max_size=5))
def test_a_peer_s_configuration_is_kept_exactly(said: dict[str, object]) -> None:
    body = read(reader_of(PeerCreate), {"id": "p", "configuration": said}, ("body",))

    assert decode(encode(msgspec.convert(body, PeerCreate).configuration or {})) == said


REFUSED: list[tuple[dict[str, object], str]] = [
    ({"summary": {"messages_per_short_summary": 9}}, "messages_per_short_summary"),
    ({"summary": {"messages_per_long_summary": 19}}, "messages_per_long_summary"),
    ({"summary": {"messages_per_short_summary": 30, "messages_per_long_summary": 30}}, "summary"),
    ({"custom_instructions": "word " * 2001}, "custom_instructions"),
    ({"dialectic": {"custom_instructions": "word " * 2001}}, "custom_instructions"),
    ({"reasoning": {"enabled": "perhaps"}}, "enabled"),
    ({"dream": []}, "dream"),
]


@pytest.mark.parametrize(("said", "place"), REFUSED)
def test_what_breaks_a_rule_is_refused_with_its_place(said: dict[str, object], place: str) -> None:
    with pytest.raises(RequestInvalid) as refused:
        read(_READ[SessionConfiguration], said, ("body",))
    assert [problem.loc[-1] for problem in refused.value.problems] == [place]
