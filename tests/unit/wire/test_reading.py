"""The reader says of good and bad values what pydantic, which existing clients are used to, says of them."""

from datetime import UTC, datetime
from typing import Annotated, Literal, cast

import pydantic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Meta, Struct

from app.api.wire.configuration import SummaryConfiguration, WorkspaceConfiguration, stored
from app.api.wire.fields import Metadata
from app.api.wire.problems import RequestInvalid
from app.api.wire.reading import read, reader_of

PATTERN = "^[a-zA-Z0-9_-]+$"


class Inner(Struct, frozen=True):
    flag: bool | None = None
    count: Annotated[int, Meta(ge=10)] | None = None


class Outer(Struct, frozen=True):
    id: Annotated[str, Meta(min_length=1, max_length=6, pattern=PATTERN, extra={"aliases": ("name",)})]
    size: Annotated[int, Meta(ge=1, le=100)] = 50
    share: Annotated[float, Meta(ge=0.0, le=1.0)] | None = None
    kind: Literal["a", "b", "c"] | None = None
    words: Annotated[list[Annotated[str, Meta(min_length=1)]], Meta(min_length=1, max_length=2)] | None = None
    members: dict[str, Inner] | None = None
    reverse: bool = False


class PydanticInner(pydantic.BaseModel):
    flag: bool | None = None
    count: Annotated[int, pydantic.Field(ge=10)] | None = None


class PydanticOuter(pydantic.BaseModel):
    id: Annotated[
        str,
        pydantic.Field(
            min_length=1, max_length=6, pattern=PATTERN, validation_alias=pydantic.AliasChoices("id", "name")
        ),
    ]
    size: Annotated[int, pydantic.Field(ge=1, le=100)] = 50
    share: Annotated[float, pydantic.Field(ge=0.0, le=1.0)] | None = None
    kind: Literal["a", "b", "c"] | None = None
    words: (
        Annotated[list[Annotated[str, pydantic.Field(min_length=1)]], pydantic.Field(min_length=1, max_length=2)] | None
    ) = None
    members: dict[str, PydanticInner] | None = None
    reverse: bool = False


OURS = reader_of(Outer)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-200, 200),
    st.sampled_from([0.5, 1.0, 1.5, -0.1]),
    st.sampled_from(["", "a", "b", "abc", "toolong", "a b", "a\n", "é", "1", "0", " 7 ", "1.5", "1_0", "yes", "TRUE"]),
)
values = st.one_of(
    scalars,
    st.lists(scalars, max_size=3),
    st.dictionaries(
        st.sampled_from(["x", "y"]),
        st.one_of(scalars, st.dictionaries(st.sampled_from(["flag", "count", "more"]), scalars, max_size=3)),
        max_size=2,
    ),
)
FIELDS = ["id", "name", "size", "share", "kind", "words", "members", "reverse", "unknown"]
bodies = st.one_of(st.dictionaries(st.sampled_from(FIELDS), values, max_size=6), scalars, st.lists(scalars, max_size=2))


@settings(max_examples=600, deadline=None)
@given(bodies)
def test_any_body_is_read_or_refused_as_by_pydantic(body: object) -> None:
    try:
        expected: object = PydanticOuter.model_validate(body, from_attributes=True).model_dump()
    except pydantic.ValidationError as fault:
        expected = [
            {**error, "loc": ("body", *error["loc"])} for error in fault.errors(include_url=False, include_input=True)
        ]

    assert _ours(body) == expected


def _ours(body: object) -> object:
    try:
        return _plain(read(OURS, body, ("body",)))
    except RequestInvalid as fault:
        return [
            {name: value for name in ("type", "loc", "msg", "input", "ctx") if _said(value := getattr(problem, name))}
            for problem in fault.problems
        ]


def _said(value: object) -> bool:
    return type(value).__name__ != "UnsetType"


def _plain(value: object) -> object:
    if isinstance(value, Struct):
        return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in cast("dict[str, object]", value).items()}
    return value


MOMENTS = [
    "2024-01-01",
    "2024-01-01T00:00:00Z",
    "2024-01-01 10:20",
    "2024-01-01T10:20:30.123456789+02:00",
    "2024-01-01t00:00:00z",
    "2024-01-01T00:00:00+0200",
    "2024-02-29T23:59:59.5-05:30",
    "1700000000",
    1700000000,
    1700000000.5,
    1700000000000,
    -1,
    0,
]


@pytest.mark.parametrize("text", MOMENTS)
def test_a_moment_is_read_as_by_pydantic_in_utc(text: object) -> None:
    expected = pydantic.TypeAdapter(datetime).validate_python(text)

    read_moment = read(reader_of(datetime), text, ("body",))

    assert read_moment == (expected if expected.tzinfo else expected.replace(tzinfo=UTC))
    assert isinstance(read_moment, datetime)
    assert read_moment.tzinfo is UTC


@pytest.mark.parametrize(
    "value",
    ["", "x", "2024-13-01", "2024-02-30T00:00:00Z", "2024-01-01T25:00:00Z", "2024-01-01T00:00:00+25:00", " 2024-01-01",
     "0001-01-01T00:00:00+14:00", "1e5", True, None, [], 1e20, float("nan"), float("inf"), 10**400],
)  # fmt: skip
def test_what_is_no_moment_is_refused_by_its_name(value: object) -> None:
    with pytest.raises(RequestInvalid) as refused:
        read(reader_of(datetime), value, ("body",))

    (problem,) = refused.value.problems
    assert problem.type in {"datetime_type", "datetime_parsing", "datetime_from_date_parsing"}
    assert problem.msg.startswith("Input should be a valid datetime")


def test_metadata_loses_nul_characters_everywhere_and_nothing_else() -> None:
    sent = {"a\0b": ["x\0", {"c": "\0"}], "n": 12345678901234567890123, "f": 1.5, "z": None, "t": True}

    assert read(reader_of(Metadata), sent, ("body", "metadata")) == {
        "ab": ["x", {"c": ""}],
        "n": 12345678901234567890123,
        "f": 1.5,
        "z": None,
        "t": True,
    }


def test_metadata_depth_counts_objects_and_not_arrays() -> None:
    accepted = {"1": {"2": {"3": {"4": [[[["deep"]]]]}}}}
    assert read(reader_of(Metadata), accepted, ("body",)) == accepted
    too_deep: list[object] = [{"1": {"2": {"3": {"4": {"5": {}}}}}}, {"1": [{"2": [{"3": [{"4": [{"5": [{}]}]}]}]}]}]
    for refused in too_deep:
        with pytest.raises(RequestInvalid, match="nested deeper than 5"):
            read(reader_of(Metadata), refused, ("body",))


def test_a_configuration_keeps_unknown_keys_on_top_and_drops_those_inside() -> None:
    sent = {
        "reasoning": {"enabled": False, "custom_instructions": None, "more": 1},
        "summary": {},
        "deriver": {"enabled": True, "x": None},
        "skip_deriver": True,
        "nothing": None,
        "dream": None,
    }

    configuration = cast("WorkspaceConfiguration", read(reader_of(WorkspaceConfiguration), sent, ("body",)))

    assert stored(configuration) == {
        "reasoning": {"enabled": False},
        "summary": {},
        "deriver": {"enabled": True, "x": None},
        "skip_deriver": True,
    }


@pytest.mark.parametrize(
    ("sent", "accepted"),
    [
        ({"messages_per_short_summary": 10}, True),
        ({"messages_per_short_summary": 9}, False),
        ({"messages_per_long_summary": 20}, True),
        ({"messages_per_long_summary": 19}, False),
        ({"messages_per_short_summary": 30, "messages_per_long_summary": 31}, True),
        ({"messages_per_short_summary": 30, "messages_per_long_summary": 30}, False),
        ({"messages_per_short_summary": 30}, True),
    ],
)
def test_the_cadence_of_summaries_has_its_limits(sent: dict[str, int], accepted: bool) -> None:
    reader = reader_of(SummaryConfiguration)
    if accepted:
        read(reader, sent, ("body",))
    else:
        with pytest.raises(RequestInvalid):
            read(reader, sent, ("body",))


def test_custom_instructions_hold_two_thousand_tokens_and_no_more() -> None:
    reader = reader_of(WorkspaceConfiguration)
    read(reader, {"reasoning": {"custom_instructions": " a" * 2000}}, ("body",))
    for text in (" a" * 2001, "x" * 1_000_000):
        with pytest.raises(RequestInvalid) as refused:
            read(reader, {"reasoning": {"custom_instructions": text}}, ("body",))
        assert refused.value.problems[0].loc == ("body", "reasoning", "custom_instructions")


def test_a_type_that_nobody_can_read_is_refused_when_the_reader_is_made() -> None:
    with pytest.raises(TypeError, match="no reader"):
        reader_of(set[str])
    with pytest.raises(TypeError, match="union"):
        reader_of(str | int)
