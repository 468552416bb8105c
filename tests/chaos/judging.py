"""Looks at the graph after a run, past all our code, and says in figures what became of every message."""

from collections import Counter
from collections.abc import Mapping
from typing import cast

from msgspec import Struct

from app.engine.neo4j import Neo4jServer
from graph.driver import connect
from graph.store.invariants import RULES, check
from tests.chaos.load import Acknowledged, Load
from tests.chaos.schedule import Line, observers
from tests.graph.looking import miscounted, rows, unsound

_MESSAGES = """
MATCH (m:Message) WHERE m.workspace_id IN $workspaces
RETURN m.workspace_id, m.session_id, m.seq, m.id, m.content, m.embedding IS NOT NULL,
  COUNT { (:Peer {workspace_id: m.workspace_id, id: m.peer_id})-[:SENT]->(m) },
  COUNT { (m)-[:IN_SESSION]->(:Session {workspace_id: m.workspace_id, id: m.session_id}) }
ORDER BY m.workspace_id, m.session_id, m.seq
"""
_HEADS = "MATCH (s:Session) WHERE s.workspace_id IN $workspaces RETURN s.workspace_id, s.id, s.seq"
_CONCLUSIONS = """
MATCH (c:Conclusion) WHERE c.workspace_id IN $workspaces AND c.level = 'explicit'
RETURN c.workspace_id, c.observer_id, c.observed_id, c.session_id, c.content, c.times_derived,
  COLLECT { MATCH (c)-[:DERIVED_FROM]->(m:Message) RETURN m.id }, COUNT { (:Run)-[:PRODUCED]->(c) }
"""
_WORK = """
MATCH (w:Work) WHERE w.workspace_id IN $workspaces
RETURN w.key, w.due_at IS NOT NULL, w.dead_at IS NOT NULL, w.pending, coalesce(w.last_error, '')
"""
_COMPLETED = """
MATCH (w:Work {kind: 'reasoning'}) WHERE w.workspace_id IN $workspaces RETURN coalesce(sum(w.completed), 0)
"""
_FOUND = """
UNWIND $words AS word
CALL db.index.fulltext.queryNodes('message_text', word) YIELD node
WITH word, node WHERE node.workspace_id IN $workspaces
RETURN word, collect(node.id)
"""
_INDEXED = """
CALL db.index.fulltext.queryNodes('message_text', 'harbour OR attic OR orchard OR tunnel OR lighthouse OR bakery OR '
  + 'glacier OR stadium OR chapel OR swamp', {limit: 100000}) YIELD node
WITH node WHERE node.workspace_id IN $workspaces
RETURN count(DISTINCT node.id)
"""
_AWAIT = "CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()"


class Verdict(Struct, frozen=True, kw_only=True):
    """What became of the messages of a run; each of `faults` must be 0.

    Attributes:
        messages: acknowledged.
        effects: conclusions that they must have had, one for each observer.
        faults: what is wrong, counted by what it is.
        examples: of each fault, one, for whoever looks into it.
    """

    messages: int
    effects: int
    faults: Mapping[str, int]
    examples: Mapping[str, str]

    @property
    def good(self) -> bool:
        return not any(self.faults.values())


class _Faults:
    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.examples: dict[str, str] = {}

    def note(self, name: str, examples: list[object]) -> None:
        self.counts[name] = len(examples)
        if examples:
            self.examples[name] = str(examples[0])


async def judge(server: Neo4jServer, load: Load) -> Verdict:
    """Compare what was acknowledged with what is there. Call it when the queue is empty."""
    faults = _Faults()
    workspaces = load.schedule.workspaces
    lines = _lines(load)
    ids = await _judge_messages(server, load, faults)
    effects = await _judge_conclusions(server, load, lines, faults)
    await _judge_work(server, load, faults)
    await _judge_search(server, load, ids, faults)
    lacking = [await unsound(server, workspace) for workspace in workspaces]
    faults.note("conclusions without holder, subject, source, run or vector", ["?"] * sum(lacking))
    views = [view for workspace in workspaces for view in await miscounted(server, workspace)]
    faults.note("perspectives that miscount what they hold", [*views])
    await _judge_rules(server, load, faults)
    return Verdict(messages=load.written, effects=effects, faults=faults.counts, examples=faults.examples)


def _lines(load: Load) -> dict[str, tuple[str, str, Line]]:
    """Workspace, session and line of each acknowledged message, by its id."""
    return {
        said.id: (batch.workspace, batch.session, line)
        for batch in load.schedule.batches
        for said, line in zip(load.acknowledged.get(batch.key, []), batch.lines, strict=False)
    }


async def _judge_messages(server: Neo4jServer, load: Load, faults: _Faults) -> set[str]:
    """Every acknowledged message is there once, in its place, whole; there is no other; returns the ids."""
    workspaces = list(load.schedule.workspaces)
    found = await rows(server, _MESSAGES, workspaces=workspaces)
    stored: Counter[tuple[object, ...]] = Counter((row[0], row[1], row[4]) for row in found)
    wanted: Counter[tuple[object, ...]] = Counter(
        (batch.workspace, batch.session, line.content) for batch in load.schedule.batches for line in batch.lines
    )
    acknowledged = [said for answers in load.acknowledged.values() for said in answers]
    there = {str(row[3]): row for row in found}
    faults.note("batches never acknowledged", [b.key for b in load.schedule.batches if b.key not in load.acknowledged])
    faults.note("acknowledged messages that are not there", [said for said in acknowledged if said.id not in there])
    faults.note("messages stored twice", [*(stored - wanted).elements()])
    faults.note("messages missing", [*(wanted - stored).elements()])
    faults.note("acknowledgements that differ from what is stored", [*_differing(load, there)])
    sessions: dict[tuple[object, object], list[object]] = {}
    for row in found:
        sessions.setdefault((row[0], row[1]), []).append(row[2])
    gaps: list[object] = [key for key, seqs in sessions.items() if seqs != list(range(1, len(seqs) + 1))]
    heads = {(row[0], row[1]): row[2] for row in await rows(server, _HEADS, workspaces=workspaces)}
    wrong: list[object] = [key for key, seq in heads.items() if seq != len(sessions.get(key, []))]
    faults.note("sessions with a gap in seq", gaps)
    faults.note("sessions whose head is not their last message", wrong)
    faults.note("messages without author or session", [row for row in found if row[6:8] != [1, 1]])
    faults.note("messages without a vector", [row for row in found if not row[5]])
    return set(there)


def _differing(load: Load, there: Mapping[str, list[object]]) -> list[Acknowledged]:
    differing: list[Acknowledged] = []
    for batch in load.schedule.batches:
        answers = load.acknowledged.get(batch.key, [])
        contents = [line.content for line in batch.lines]
        if answers and [said.content for said in answers] != contents:
            differing += answers
        seqs = [cast("int", there[said.id][2]) for said in answers if said.id in there]
        if seqs and seqs != list(range(seqs[0], seqs[0] + len(seqs))):
            differing += answers
    return differing


async def _judge_conclusions(
    server: Neo4jServer, load: Load, lines: Mapping[str, tuple[str, str, Line]], faults: _Faults
) -> int:
    """Every message had its one effect on each observer, and none had another; returns how many effects."""
    found = await rows(server, _CONCLUSIONS, workspaces=list(load.schedule.workspaces))
    held: Counter[tuple[object, ...]] = Counter((row[0], row[1], row[2], row[3], row[4]) for row in found)
    wanted: Counter[tuple[object, ...]] = Counter(
        (workspace, observer, line.author, session, line.conclusion)
        for workspace, session, line in lines.values()
        for observer in observers(session, line.author)
    )
    sources = {(line.conclusion, workspace): message_id for message_id, (workspace, _, line) in lines.items()}
    astray = [row for row in found if row[6] != [sources.get((str(row[4]), str(row[0])))]]
    faults.note("conclusions missing", [*(wanted - held).elements()])
    faults.note("conclusions too many", [*(held - wanted).elements()])
    faults.note("conclusions derived more than once", [row for row in found if row[5] != 1])
    faults.note("conclusions that do not rest on their message alone", [*astray])
    faults.note("conclusions of several runs", [row for row in found if row[7] != 1])
    return sum(wanted.values())


async def _judge_work(server: Neo4jServer, load: Load, faults: _Faults) -> None:
    workspaces = list(load.schedule.workspaces)
    units = await rows(server, _WORK, workspaces=workspaces)
    faults.note("units of work still due", [row for row in units if row[1] and not row[2]])
    faults.note("units of work with something pending", [row for row in units if row[3] != 0])
    faults.note("dead letters", [row for row in units if row[2]])
    ((completed,),) = await rows(server, _COMPLETED, workspaces=workspaces)
    faults.note("messages counted wrongly as done", ["?"] * abs(cast("int", completed) - load.written))


async def _judge_search(server: Neo4jServer, load: Load, ids: set[str], faults: _Faults) -> None:
    """The full-text index, which is brought up to date behind the writer's back, has lost nothing in the crashes."""
    await rows(server, _AWAIT)
    ((indexed,),) = await rows(server, _INDEXED, workspaces=list(load.schedule.workspaces))
    faults.note("messages missing from the full-text index", ["?"] * abs(len(ids) - cast("int", indexed)))
    probes = {line.word: [said.id] for said, line in _probes(load)}
    asked = await rows(server, _FOUND, words=list(probes), workspaces=list(load.schedule.workspaces))
    found = dict(cast("list[tuple[str, list[str]]]", asked))
    faults.note("messages not found by their word", [word for word, ids in probes.items() if found.get(word) != ids])


async def _judge_rules(server: Neo4jServer, load: Load, faults: _Faults) -> None:
    """What `doxa doctor --graph` asks: nothing in the graph breaks its rules."""
    broken: dict[str, list[object]] = {rule.text: [] for rule in RULES}
    database = connect(server.uri, server.user, server.password)
    try:
        for workspace in load.schedule.workspaces:
            for finding in await check(database, workspace):
                broken[finding.text] += finding.ids
    finally:
        await database.close()
    for text, ids in broken.items():
        faults.note(f"not so: {text}", ids)


def _probes(load: Load) -> list[tuple[Acknowledged, Line]]:
    """The first message of each fourth batch."""
    batches = [batch for batch in load.schedule.batches if batch.key in load.acknowledged][::4]
    return [(load.acknowledged[batch.key][0], batch.lines[0]) for batch in batches]
