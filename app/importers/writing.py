"""Sends what a file holds and the service does not, session by session, in the order of the file.

Every message carries its identity in its metadata. Before anything is sent to a session that exists, the identities
stored there are read back; only what is missing goes out. The same happens after a request whose fate is unknown. One
that is still under way then is not there yet; since each batch has a key, it is not stored twice all the same.
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from app.importers.errors import Unreachable
from app.importers.limits import IMPORT_KEY
from app.importers.names import Named, assigned_names
from app.importers.progress import Report, Stage
from app.importers.service import NewMessage, Service
from app.importers.spool import Kept, Member, Spool

BATCH_MESSAGES = 100
BATCH_CHARACTERS = 500_000
OBSERVERS = 10
ATTEMPTS = 6


class Plan(Struct, frozen=True):
    """What the names of a file become in the service.

    Attributes:
        sessions: Session ids by the name in the file, in the order of the file.
        peers: Peer ids by person.
    """

    sessions: dict[str, str]
    peers: dict[Named, str]

    def renamed(self) -> list[tuple[str, str, str]]:
        """Kind, name in the file and name in the service, for every name that had to change."""
        peers = [("peer", each.name, name) for each, name in self.peers.items() if each.name != name]
        return peers + [("session", name, valid) for name, valid in self.sessions.items() if name != valid]


class Written(Struct, frozen=True):
    """What became of a file.

    Attributes:
        sessions: Sessions in the file.
        added: Messages that were sent and stored.
        present: Messages that the service already held.
    """

    sessions: int
    added: int
    present: int


def planned(spool: Spool) -> Plan:
    """Valid names for all sessions and peers of a file."""
    sessions = assigned_names((Named("", name) for name in spool.sessions()), "session")
    in_order = {name: sessions[Named("", name)] for name in spool.sessions()}
    return Plan(in_order, assigned_names(spool.people()))


def memberships(members: Iterable[Member], names: Mapping[Named, str], observe: bool) -> dict[str, dict[str, bool]]:
    """How each speaker of a session joins it.

    The service lets 10 peers of a session observe the others: those who speak most do. Nothing is concluded about peers
    that only give instructions, and they observe nobody.

    Args:
        members: The speakers, who speaks most first.
        names: Peer ids by person.
        observe: Whether the speakers observe each other.
    """
    joined: dict[str, dict[str, bool]] = {}
    observers = 0
    for each in members:
        if not each.observed:
            joined[names[each.person]] = {"observe_me": False, "observe_others": False}
            continue
        joined[names[each.person]] = {"observe_others": observe and observers < OBSERVERS}
        observers += 1
    return joined


class Writer:
    """Writes one file into one workspace.

    Args:
        service: Where to.
        workspace: A valid name; made if there is none.
        observe: Whether the speakers of a session observe each other.
    """

    def __init__(self, service: Service, workspace: str, observe: bool = True) -> None:
        self._service = service
        self._workspace = workspace
        self._observe = observe
        self._run = secrets.token_hex(8)

    def write(self, spool: Spool, plan: Plan, report: Report) -> Written:
        """Stores what is missing.

        Raises:
            Unreachable: The service stayed away; a second run goes on where this one stopped.
            Refused: The service takes no more; what was stored before stays.
        """
        total = spool.turns
        added = 0
        done = 0
        with report.stage("Writing messages", total) as stage:
            self._service.ensure_workspace(self._workspace)
            for person, name in plan.peers.items():
                self._service.ensure_peer(self._workspace, name, {} if person.name == name else {"name": person.name})
            for raw, session in plan.sessions.items():
                joined = memberships(spool.members(raw), plan.peers, self._observe)
                fresh = self._service.ensure_session(self._workspace, session, joined)
                added += self._fill(spool, raw, session, plan, fresh, stage, done)
                done += spool.turns_of(raw)
                stage.reached(done)
        return Written(len(plan.sessions), added, total - added)

    def _fill(self, spool: Spool, raw: str, session: str, plan: Plan, fresh: bool, stage: Stage, before: int) -> int:
        """Sends what a session lacks, and reads back what is there after every request that got no answer."""
        spool.remember([] if fresh else self._stored(session))
        lacking = spool.lacking(raw)
        failures = 0
        while True:
            try:
                sent = spool.turns_of(raw) - spool.lacking(raw)
                for batch in batches(spool.missing(raw), plan.peers):
                    self._service.add_messages(self._workspace, session, batch, self._key(session, batch))
                    sent += len(batch)
                    failures = 0
                    stage.reached(before + sent)
                return lacking
            except Unreachable:
                failures += 1
                if failures == ATTEMPTS:
                    raise
            self._service.pause(0.5 * 2**failures)
            spool.remember(self._stored(session))

    def _key(self, session: str, batch: Iterable[NewMessage]) -> str:
        """Names a batch in this run: a later run may write again what was deleted meanwhile."""
        digest = hashlib.sha256(session.encode())
        for message in batch:
            digest.update(b"\0" + str(message.metadata[IMPORT_KEY]).encode())
        return f"import-{self._run}-{digest.hexdigest()}"

    def _stored(self, session: str) -> list[str]:
        found = (message.metadata.get(IMPORT_KEY) for message in self._service.messages(self._workspace, session))
        return [key for key in found if isinstance(key, str)]


def batches(turns: Iterable[Kept], names: Mapping[Named, str]) -> Iterator[list[NewMessage]]:
    """Turns as messages in their order, at most 100 and at most 500,000 characters at once.

    Args:
        turns: What is to be sent.
        names: Peer ids by person.
    """
    batch: list[NewMessage] = []
    characters = 0
    for turn in turns:
        message = NewMessage(
            turn.content, names[Named(turn.circle, turn.peer)], {**turn.metadata, IMPORT_KEY: turn.key}, turn.created_at
        )
        if batch and (len(batch) == BATCH_MESSAGES or characters + len(turn.content) > BATCH_CHARACTERS):
            yield batch
            batch, characters = [], 0
        batch.append(message)
        characters += len(turn.content)
    if batch:
        yield batch
