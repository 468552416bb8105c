"""Small graphs of messages and conclusions: what should be held of them by definition, and how to store them."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from msgspec import Struct

from graph.driver import Database
from graph.types import Level
from tests.graph.conftest import NOON, vector


class Proof(Struct, frozen=True, kw_only=True):
    """A conclusion of a small graph, by name.

    Attributes:
        derivations: each the names of messages and conclusions that it rests on together; none if a client stated it.
        supersedes: what it replaced.
        merged_into: what it was merged into.
    """

    name: str
    level: Level = "explicit"
    derivations: Sequence[Sequence[str]] = ()
    supersedes: Sequence[str] = ()
    merged_into: str | None = None
    key: str = ""


_WRITE = """
MERGE (observer:Peer {workspace_id: $w, id: 'ann'})
MERGE (observer)-[view:VIEWS]->(observer) ON CREATE SET view.conclusions = 0
MERGE (s:Session {workspace_id: $w, id: 's'}) ON CREATE SET s.is_active = true, s.seq = 0
MERGE (run:Run {id: $w}) SET run.workspace_id = $w
WITH *
CALL (observer, s) {
  UNWIND range(0, size($messages) - 1) AS place
  CREATE (m:Message {
    id: $w + '-' + $messages[place], workspace_id: $w, session_id: 's', seq: s.seq + place + 1, peer_id: 'ann',
    content: $messages[place], token_count: 1, metadata: '{}', created_at: $noon
  })
  CREATE (observer)-[:SENT]->(m)-[:IN_SESSION]->(s)
}
SET s.seq = s.seq + size($messages)
WITH *
CALL (observer, run) {
  UNWIND range(0, size($rows) - 1) AS place
  WITH observer, run, place, $rows[place] AS row
  CREATE (c:Conclusion {
    id: row.id, workspace_id: $w, observer_id: 'ann', observed_id: 'ann', perspective: $w + '/ann/ann',
    session_id: 's', level: row.level, content: row.name, content_key: row.key, created_at: row.created_at,
    observed_at: row.created_at, times_derived: 1
  })
  CREATE (observer)-[:HOLDS]->(c)-[:ABOUT]->(observer)
  FOREACH (_ IN CASE WHEN row.derived THEN [1] ELSE [] END | CREATE (run)-[:PRODUCED]->(c))
  FOREACH (_ IN CASE WHEN row.merged THEN [] ELSE [1] END | SET c:Held)
  SET c.retired_at = CASE WHEN row.merged THEN $noon END, c.retired_because = CASE WHEN row.merged THEN 'merged' END
  WITH c
  CALL (c) { CALL db.create.setNodeVectorProperty(c, 'embedding', $vector) }
  RETURN sum(CASE WHEN c:Held THEN 1 ELSE 0 END) AS living
}
SET view.conclusions = view.conclusions + living
WITH count(*) AS done
CALL () {
  UNWIND $proofs AS proof
  MATCH (c:Conclusion {id: proof.id})
  MATCH (premise:Message|Conclusion {id: proof.premise_id})
  CREATE (c)-[:DERIVED_FROM {support: proof.support, via: proof.via}]->(premise)
}
CALL () {
  UNWIND $ties AS tie
  MATCH (c:Conclusion {id: tie.id})
  MATCH (other:Conclusion {id: tie.other_id})
  FOREACH (_ IN CASE WHEN tie.merged THEN [1] ELSE [] END | CREATE (c)-[:MERGED_INTO]->(other))
  FOREACH (_ IN CASE WHEN tie.merged THEN [] ELSE [1] END | CREATE (c)-[:SUPERSEDES]->(other))
}
"""


async def write(database: Database, workspace_id: str, messages: Sequence[str], proofs: Sequence[Proof]) -> None:
    """Put a graph into the database, all of it living except what was merged."""
    rows: list[dict[str, object]] = []
    edges: list[dict[str, object]] = []
    ties: list[dict[str, object]] = []
    for place, proof in enumerate(proofs):
        own = id_of(workspace_id, proof.name)
        rows.append(
            {
                "id": own,
                "name": proof.name,
                "level": proof.level,
                "key": own if not proof.derivations else proof.key or f"key-{proof.name}",
                "created_at": NOON + timedelta(minutes=place),
                "derived": bool(proof.derivations),
                "merged": proof.merged_into is not None,
            }
        )
        for number, derivation in enumerate(proof.derivations):
            for premise in derivation:
                support = id_of(workspace_id, premise) if proof.level == "explicit" else f"run-{number}"
                edge: dict[str, object] = {
                    "id": own,
                    "premise_id": id_of(workspace_id, premise),
                    "support": support,
                    "via": None,
                }
                edges.append(edge)
                if proof.merged_into is not None:
                    edges.append({**edge, "id": id_of(workspace_id, proof.merged_into), "via": own})
        for other in proof.supersedes:
            ties.append({"id": own, "other_id": id_of(workspace_id, other), "merged": False})
        if proof.merged_into is not None:
            ties.append({"id": own, "other_id": id_of(workspace_id, proof.merged_into), "merged": True})
    await database.schema_statement(
        _WRITE,
        {
            "w": workspace_id,
            "messages": list(messages),
            "rows": rows,
            "proofs": edges,
            "ties": ties,
            "noon": NOON,
            "vector": vector(1.0),
        },
    )


def id_of(workspace_id: str, name: str) -> str:
    """The id in the database of a message or conclusion."""
    return f"{workspace_id}-{name}"


class Model:
    """What is held of a graph, by definition: everything that stands on messages and that nothing held has replaced.

    Only what rests on messages alone replaces others here, so what replaces is settled before what is replaced.
    """

    def __init__(self, proofs: Sequence[Proof]) -> None:
        self.levels = {proof.name: proof.level for proof in proofs}
        self.canonical = {proof.name: proof.merged_into for proof in proofs if proof.merged_into}
        self.derivations: dict[str, list[Sequence[str]]] = {proof.name: list(proof.derivations) for proof in proofs}
        self.replaced_by: dict[str, set[str]] = {proof.name: set() for proof in proofs}
        self.replacing = [proof.name for proof in reversed(proofs) if proof.supersedes]
        for proof in reversed(proofs):
            if proof.merged_into:
                self.derivations[proof.merged_into] += proof.derivations
            for other in proof.supersedes:
                self.replaced_by[other] |= {proof.name} | self.replaced_by[proof.name]
        self.gone: set[str] = set()

    def held(self, retracted: Iterable[str], withdrawn: Iterable[str]) -> set[str]:
        """The names of what is held when some messages are retracted and some conclusions withdrawn."""
        self.gone = set(retracted)
        open_names = [name for name in self.levels if name not in self.canonical and name not in set(withdrawn)]
        living: set[str] = set()
        for name in self.replacing:
            if name in open_names and living.isdisjoint(self.replaced_by[name]):
                living = self._least([name], living)
        rest = [name for name in open_names if name not in self.replacing]
        return self._least([name for name in rest if living.isdisjoint(self.replaced_by[name])], living)

    def _least(self, names: Sequence[str], living: set[str]) -> set[str]:
        while fresh := {name for name in names if name not in living and self._supported(name, living)}:
            living |= fresh
        return living

    def _supported(self, name: str, living: set[str]) -> bool:
        whole = [one for one in self.derivations[name] if all(self._stands(each, living) for each in one)]
        if self.derivations[name] and self.levels[name] == "inductive":
            return len(self._sources(name, living, frozenset())) >= 2
        return bool(whole) or not self.derivations[name]

    def _stands(self, premise: str, living: set[str]) -> bool:
        known = self._resolved(premise)
        return known in living if known in self.levels else known not in self.gone

    def _resolved(self, name: str) -> str:
        while name in self.canonical:
            name = self.canonical[name]
        return name

    def _sources(self, name: str, living: set[str], seen: frozenset[str]) -> set[str]:
        known = self._resolved(name)
        if known in seen:
            return set()
        if not self.derivations.get(known):
            return {known}
        found: set[str] = set()
        for derivation in self.derivations[known]:
            if all(self._stands(premise, living) for premise in derivation):
                found |= {each for one in derivation for each in self._sources(one, living, seen | {known})}
        return found
