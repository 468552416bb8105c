"""Putting the branches' finds together."""

from datetime import UTC, datetime

from graph.queries.recall import Branch, FoundConclusion
from graph.recall.recalled import Reason, merge

SECOND = 1_000_000
NOON = 1_777_896_000 * SECOND


def row(
    content: str,
    branch: Branch = "recent",
    *,
    id: str = "",
    session_id: str | None = "s",
    at: int = NOON,
    distance: float | None = None,
) -> FoundConclusion:
    return FoundConclusion(
        id=id or content,
        workspace_id="w",
        observer_id="ann",
        observed_id="bob",
        session_id=session_id,
        level="explicit",
        content=content,
        created_us=NOON,
        observed_us=at,
        about_us=None,
        times_derived=2,
        source_ids=[],
        source_message_ids=["m"],
        premises=["p"],
        branch=branch,
        distance=distance,
    )


def test_a_conclusion_that_two_branches_find_comes_once_with_both_reasons() -> None:
    (one,) = merge([row("tea", "semantic", distance=0.25), row("tea", "recent")])

    assert one.conclusion.id == "tea"
    assert one.conclusion.observed_at == datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
    assert one.conclusion.source_message_ids == ["m"]
    assert one.premises == ["p"]
    assert one.reasons == (Reason("semantic", 0.25), Reason("recent"))


def test_the_same_text_in_one_session_and_second_is_one() -> None:
    merged = merge([row("tea", id="1"), row("tea", id="2", at=NOON + SECOND - 1)])

    assert [one.conclusion.id for one in merged] == ["1"]
    assert merged[0].reasons == (Reason("recent"),)


def test_another_text_session_or_second_makes_another() -> None:
    merged = merge(
        [
            row("tea", id="1"),
            row("Tea", id="2"),
            row("tea", id="3", session_id=None),
            row("tea", id="4", at=NOON + SECOND),
        ]
    )

    assert [one.conclusion.id for one in merged] == ["1", "2", "3", "4"]
