"""A file that was read whole, kept on disk while it is checked and sent: however big it is, memory stays small.

SQLite keeps the turns in a private temporary database that vanishes when it is closed. So a file is read and parsed
once, its sessions come out one after another even where their lines were mixed, and what the service already holds is
subtracted without holding either side in memory.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from types import TracebackType

import msgspec
from msgspec import Struct

from app.importers.names import Named
from app.importers.turns import Note, Problem, Turn

SHOWN_PROBLEMS = 20
_TABLES = """
CREATE TABLE turn (
    id INTEGER PRIMARY KEY, circle TEXT, session TEXT, peer TEXT, content TEXT, created_at TEXT, metadata TEXT,
    observed INTEGER, key TEXT
);
CREATE INDEX turn_session ON turn (session, id);
CREATE TABLE said (digest BLOB PRIMARY KEY, times INTEGER) WITHOUT ROWID;
CREATE TABLE stored (key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE note (text TEXT PRIMARY KEY, times INTEGER) WITHOUT ROWID;
"""
_MISSING = "FROM turn WHERE session = ? AND key NOT IN (SELECT key FROM stored)"


class Kept(Struct, frozen=True):
    """A turn as it was read, with the identity by which the service is asked whether it has it.

    Attributes:
        circle: Inside which the author's name means one person.
        peer: The author's name as the file has it.
        content: The text.
        created_at: When it was said, in UTC, if known.
        metadata: What the file says beside it.
        key: The same for the same turn in each import, and different for each turn of a file.
    """

    circle: str
    peer: str
    content: str
    created_at: datetime | None
    metadata: dict[str, object]
    key: str


class Member(Struct, frozen=True):
    """Somebody who speaks in a session.

    Attributes:
        person: Who.
        turns: How often.
        observed: False for one who only gives instructions.
    """

    person: Named
    turns: int
    observed: bool


class Spool:
    """Turns, problems and notes of one file. A context manager: leaving it drops everything."""

    def __init__(self) -> None:
        # An empty name is SQLite's private database on disk: its page cache spills to a temporary file.
        self._base = sqlite3.connect("", isolation_level=None)
        self._base.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_TABLES}")
        self.problems: list[Problem] = []
        self.problem_count = 0

    def __enter__(self) -> "Spool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()

    def fill(self, entries: Iterable[Turn | Problem | Note]) -> None:
        """Takes in what a reader yields; of many problems the first 20 are kept and all are counted."""
        self._base.execute("BEGIN")
        for entry in entries:
            match entry:
                case Turn():
                    self._add(entry)
                case Problem():
                    self.problem_count += 1
                    if self.problem_count <= SHOWN_PROBLEMS:
                        self.problems.append(entry)
                case Note():
                    self._base.execute(
                        "INSERT INTO note VALUES (?, 1) ON CONFLICT DO UPDATE SET times = times + 1", (entry.text,)
                    )
        self._base.execute("COMMIT")

    @property
    def turns(self) -> int:
        """How many sound turns were read."""
        return int(self._base.execute("SELECT count(*) FROM turn").fetchone()[0])

    def notes(self) -> list[tuple[str, int]]:
        """What was left out on purpose, and how often, most often first; at most 20 kinds."""
        rows = self._base.execute("SELECT text, times FROM note ORDER BY times DESC, text LIMIT 20")
        return [(str(text), int(times)) for text, times in rows]

    def sessions(self) -> list[str]:
        """The sessions' names in the file, in the order of their first turns."""
        rows = self._base.execute("SELECT session FROM turn GROUP BY session ORDER BY min(id)")
        return [str(name) for (name,) in rows]

    def people(self) -> list[Named]:
        """The speakers, in the order of their first turns."""
        rows = self._base.execute("SELECT circle, peer FROM turn GROUP BY circle, peer ORDER BY min(id)")
        return [Named(str(circle), str(name)) for circle, name in rows]

    def members(self, session: str) -> list[Member]:
        """The speakers of a session, who speaks most first."""
        rows = self._base.execute(
            "SELECT circle, peer, count(*), max(observed) FROM turn WHERE session = ? "
            "GROUP BY circle, peer ORDER BY count(*) DESC, min(id)",
            (session,),
        )
        return [Member(Named(str(c), str(p)), int(n), bool(o)) for c, p, n, o in rows]

    def turns_of(self, session: str) -> int:
        """How many turns a session has."""
        return int(self._base.execute("SELECT count(*) FROM turn WHERE session = ?", (session,)).fetchone()[0])

    def remember(self, stored: Iterable[str]) -> None:
        """Takes in the keys that the service holds for a session, instead of those it was told before."""
        self._base.execute("DELETE FROM stored")
        self._base.executemany("INSERT OR IGNORE INTO stored VALUES (?)", ((key,) for key in stored))

    def lacking(self, session: str) -> int:
        """How many turns of a session are not among the remembered keys."""
        return int(self._base.execute(f"SELECT count(*) {_MISSING}", (session,)).fetchone()[0])

    def missing(self, session: str) -> Iterator[Kept]:
        """The turns of a session that are not among the remembered keys, in the order of the file."""
        columns = "circle, peer, content, created_at, metadata, key"
        rows = self._base.execute(f"SELECT {columns} {_MISSING} ORDER BY id", (session,))
        for circle, peer, content, created_at, metadata, key in rows:
            moment = None if created_at is None else datetime.fromisoformat(str(created_at))
            yield Kept(str(circle), str(peer), str(content), moment, json.loads(metadata), str(key))

    def _add(self, turn: Turn) -> None:
        moment = None if turn.created_at is None else turn.created_at.astimezone(UTC).isoformat()
        identity = msgspec.json.encode((turn.circle, turn.session, turn.peer, turn.content, moment))
        digest = hashlib.blake2b(identity, digest_size=15).digest()
        times = self._base.execute(
            "INSERT INTO said VALUES (?, 1) ON CONFLICT DO UPDATE SET times = times + 1 RETURNING times", (digest,)
        ).fetchone()[0]
        self._base.execute(
            "INSERT INTO turn (circle, session, peer, content, created_at, metadata, observed, key) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                turn.circle,
                turn.session,
                turn.peer,
                turn.content,
                moment,
                json.dumps(turn.metadata),
                turn.observed,
                # The first of equal turns has the bare digest; only the ones after it are numbered.
                digest.hex() if times == 1 else f"{digest.hex()}-{times}",
            ),
        )
