"""Names that the service does not take get valid ones, always the same, never two people the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.importers.names import NAME_CHARACTERS, Named, assigned_names, is_valid, valid_name


@pytest.mark.parametrize(
    ("name", "valid"),
    [
        ("ana", "ana"),
        ("Ana_Maria-7", "Ana_Maria-7"),
        ("Ana Lima", "Ana-Lima"),
        ("José", "Jose"),
        ("Łukasz Żak", "Lukasz-Zak"),
        ("Søren", "Soren"),
        ("ana@example.org", "ana-example-org"),
        ("+49 170", "49-170"),
        ("a/b:c", "a-b-c"),
    ],
)
def test_a_name_stays_readable(name: str, valid: str) -> None:
    assert valid_name(name) == valid


@pytest.mark.parametrize("name", ["Борис", "花子", "🌻", "!!!", "Ana Лима", "x" * 600, "é" * 600])
def test_what_cannot_be_kept_is_replaced_by_a_digest(name: str) -> None:
    assert is_valid(valid_name(name))
    assert valid_name(name) != valid_name(name + name[0])


def test_two_names_that_would_become_one_are_kept_apart() -> None:
    people = [Named("", "Ana Lima"), Named("", "Ana/Lima"), Named("", "Ana-Lima")]
    names = assigned_names(people)
    assert names[Named("", "Ana-Lima")] == "Ana-Lima"
    assert len(set(names.values())) == 3


def test_a_name_of_two_circles_is_two_people_and_the_first_keeps_it() -> None:
    names = assigned_names([Named("conv-1", "John"), Named("conv-1", "Mia"), Named("conv-2", "John")])
    assert list(names.values()) == ["John", "Mia", "John-conv-2"]


@given(
    st.lists(
        st.builds(Named, st.sampled_from(["", "a", "b c"]), st.text(min_size=1, max_size=8)), unique=True, max_size=12
    )
)
def test_everybody_gets_a_valid_name_of_his_own_and_the_same_each_time(people: list[Named]) -> None:
    encodable = [each for each in people if each.name.encode(errors="replace").decode() == each.name]
    names = assigned_names(encodable)
    assert names == assigned_names(encodable)
    assert set(names) == set(encodable)
    assert len(set(names.values())) == len(names)
    assert all(is_valid(name) and len(name) <= NAME_CHARACTERS for name in names.values())
