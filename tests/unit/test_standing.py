"""The rules of support, held against the plain definition on many small graphs, without a database."""

from collections.abc import Iterable
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.queries.support import PremiseRow, SaidRow, StandingRow
from graph.store.standing import decide
from tests.graph.conftest import NOON
from tests.graph.proving import Model, Proof
from tests.graph.test_support import graphs


def _rows(proofs: Iterable[Proof], retracted: Iterable[str]) -> dict[str, StandingRow]:
    """A graph as the query reads it, all of it living except what was merged."""
    by_name = {proof.name: proof for proof in proofs}
    merged = {name: proof.merged_into for name, proof in by_name.items() if proof.merged_into}
    edges: list[tuple[str, str, str]] = []
    for proof in by_name.values():
        for number, derivation in enumerate(proof.derivations):
            for premise in derivation:
                support = premise if proof.level == "explicit" else f"run-{number}"
                edges += [(name, support, premise) for name in (proof.name, proof.merged_into) if name]
    newer: dict[str, set[str]] = {name: set() for name in by_name}
    for name in reversed(by_name):
        for other in by_name[name].supersedes:
            newer[other] |= {name, *newer[name]}
    rows: dict[str, StandingRow] = {}
    for place, (name, proof) in enumerate(by_name.items()):
        own = [(support, premise) for each, support, premise in edges if each == name]
        rows[name] = StandingRow(
            id=name,
            level=proof.level,
            living=name not in merged,
            because="merged" if name in merged else None,
            perspective="p",
            content_key=name,
            created_at=NOON + timedelta(minutes=place),
            observer_id="ann",
            observed_id="ann",
            stated=not own,
            said=[
                SaidRow(support=support, id=premise, stands=premise not in set(retracted))
                for support, premise in own
                if premise not in by_name
            ],
            premises=[
                PremiseRow(
                    support=support, id=premise, one_of=[premise, *filter(None, [merged.get(premise)])], living=[]
                )
                for support, premise in own
                if premise in by_name
            ],
            superseded_by=sorted(newer[name]),
            superseded_living=[],
            supersedes=[],
            downstream=[],
        )
    return rows


@settings(max_examples=400)
@given(graph=graphs(), data=st.data())
def test_what_is_decided_is_what_the_definition_says(graph: tuple[list[str], list[Proof]], data: st.DataObject) -> None:
    messages, proofs = graph
    retracted = data.draw(st.sets(st.sampled_from(messages)))
    rows = _rows(proofs, retracted)

    states = decide(rows, rows.keys())

    assert {name for name, state in states.items() if state == "living"} == Model(proofs).held(retracted, ())
    assert states.keys() == {proof.name for proof in proofs if not proof.merged_into}
