"""Metadata becomes terms that say exactly what JSON says."""

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import Invalid
from graph.metadata_terms import json_text, number_key, scalar_mark, scalar_text, step, terms

finite = st.floats(allow_nan=False, allow_infinity=False)
numbers = (
    st.integers()
    | st.integers(min_value=-(10**400), max_value=10**400)
    | finite
    | st.from_regex(r"\A[+-]?[0-9]{1,12}(\.[0-9]{0,9})?([eE][+-]?[0-9]{1,3})?\Z")
)


def fraction(value: float | str) -> Fraction:
    return Fraction(value if isinstance(value, str) else repr(value))


@given(first=numbers, second=numbers)
def test_number_keys_sort_as_the_numbers_do(first: float | str, second: float | str) -> None:
    one, other = number_key(first), number_key(second)
    assert one is not None
    assert other is not None
    assert (one < other) == (fraction(first) < fraction(second))
    assert (one == other) == (fraction(first) == fraction(second))


def test_number_keys_sort_from_the_least_to_the_greatest() -> None:
    ordered = [
        -(10**40),
        -1510,
        "-151.5",
        -151,
        -150.9,
        -15,
        "-1.51",
        -1.5,
        "-1e-9",
        0,
        1e-9,
        "0.15",
        1,
        1.5,
        1.51,
        15,
        151,
    ]
    keys = [number_key(value) for value in [*ordered, "15e2", 10**40, "1e999999"]]
    assert keys == sorted(keys, key=str)
    assert len(set(keys)) == len(keys)


@given(value=st.integers() | finite)
def test_a_number_and_its_json_text_are_the_same_number(value: float) -> None:
    assert number_key(json.dumps(value)) == number_key(value) == number_key(scalar_text(value))


@pytest.mark.parametrize(
    "value", ["", " ", ".", "-", "e5", "1e", "1_000", "0x10", "nan", "inf", "1 2", "1e1234567", "\u0665"]
)
def test_text_that_is_no_decimal_number_has_no_number_key(value: str) -> None:
    assert number_key(value) is None


@pytest.mark.parametrize("value", [True, False, None, [1], {"a": 1}])
def test_only_numbers_and_text_have_number_keys(value: object) -> None:
    assert number_key(value) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "5"),
        (5.0, "5"),
        (-0.0, "0"),
        (2.50, "2.5"),
        (1e23, "1" + "0" * 23),
        (1.5e-9, "0.0000000015"),
        (2**70, str(2**70)),
        (True, "true"),
        ("x", "x"),
    ],
)
def test_a_scalar_has_one_text(value: object, text: str) -> None:
    assert scalar_text(value) == text


scalars = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([1.0, -2.0, 0.5]) | st.text(max_size=2)


@given(first=scalars, second=scalars)
def test_scalars_have_the_same_mark_exactly_when_they_are_equal_in_json(first: object, second: object) -> None:
    same_type = isinstance(first, bool) == isinstance(second, bool)
    assert (scalar_mark(first) == scalar_mark(second)) == (same_type and first == second)


@given(keys=st.lists(st.text(alphabet="~/#=!?%0123456ab", max_size=4), min_size=1, max_size=4))
def test_a_path_is_read_in_one_way_only(keys: list[str]) -> None:
    path = "".join(step(key) for key in keys)
    assert not set("#=!?%") & set(path)
    assert [unescaped(part) for part in path.split("/")[1:]] == keys


def unescaped(part: str) -> str:
    for place, mark in enumerate("/#=!?%", start=1):
        part = part.replace(f"~{place}", mark)
    return part.replace("~0", "~")


def test_terms_say_every_value_with_its_path() -> None:
    assert sorted(terms({"a": [1, {"b": None}, [True]], "c/d": "7", "e": {}})) == sorted(
        [
            *("/a!a", "/a#=n1", "/a?o1", "/a#1!o", "/a#1/b!z", "/a?a2", "/a#2!a", "/a#2#=btrue"),
            *('/a=j[1, {"b": null}, [true]]', "/c~1d=s7", f"/c~1d%{number_key(7)}", "/e!o", "/e=j{}"),
        ]
    )


def test_terms_are_listed_once_and_in_the_same_order_every_time() -> None:
    metadata = {"a": ["x", "x", "x"], "b": 1}
    assert terms(metadata) == terms(dict(metadata))
    assert len(set(terms(metadata))) == len(terms(metadata))


def test_no_metadata_has_no_terms() -> None:
    assert terms({}) == []


def test_arrays_may_nest_as_deep_as_they_like() -> None:
    deep: object = "bottom"
    for _ in range(3000):
        deep = [deep]
    assert any(term.endswith("#=sbottom") for term in terms({"k": deep}))
    assert json_text(deep) == "[" * 3000 + '"bottom"' + "]" * 3000


def test_json_text_has_one_form_for_equal_values() -> None:
    assert json_text({"bb": 1.0, "a": [None, "\u00e4\n"], "c": {}}) == '{"a": [null, "\u00e4\\n"], "c": {}, "bb": 1}'


@pytest.mark.parametrize("value", [float("nan"), float("inf"), b"bytes", {1, 2}, object()])
def test_what_is_not_json_is_refused(value: object) -> None:
    for metadata in ({"k": value}, {"k": [value]}, {"k": {"j": value}}):
        with pytest.raises(Invalid, match=r"^metadata (values|numbers) must be "):
            terms(metadata)


def test_a_number_of_too_many_digits_is_refused() -> None:
    with pytest.raises(Invalid, match="metadata numbers must have fewer digits"):
        terms({"k": 10**5000})
