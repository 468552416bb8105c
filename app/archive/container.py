"""The file itself: a ZIP of JSON lines with a manifest, written whole or not at all, and checked before it is used."""

import hashlib
import os
import zipfile
import zlib
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, TypeVar

import msgspec
from msgspec import Struct

from app.archive.errors import ArchiveFault
from app.archive.rows import MEMBERS, Line

FORMAT, VERSION = "doxa-archive", 1
MANIFEST = "manifest.json"
#: A line that is longer is no line of an archive: a message of 25,000 characters with all its vectors is a tenth of it.
LONGEST_LINE = 64 * 2**20
_CHUNK = 2**20

L = TypeVar("L", bound=Line)


class Embedder(Struct, frozen=True):
    """Whose vectors an archive holds, and their size."""

    model: str
    dimensions: int


class Member(Struct, frozen=True):
    """What must be in a member: its lines, its size in bytes, and the SHA-256 of its text, in hex."""

    lines: int
    bytes: int
    sha256: str


class Manifest(Struct, frozen=True, kw_only=True):
    """What an archive is.

    Attributes:
        id: its own id, at random.
        workspace: the one workspace that it holds; None for all of a store.
        started_at: every message that was acknowledged before is in it.
        schema: the last migration of the store that it comes from.
        embedder: None for a store that had none yet.
    """

    format: str
    version: int
    id: str
    workspace: str | None
    doxa: str
    schema: int
    embedder: Embedder | None
    started_at: datetime
    finished_at: datetime
    members: dict[str, Member]


class Writer:
    """Writes members, one after the other."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self.members: dict[str, Member] = {}

    def lines(self, name: str) -> "MemberWriter":
        """Begin a member; the one before must be closed."""
        return MemberWriter(self, name, self._file.open(name, "w", force_zip64=True))

    def manifest(self, manifest: Manifest) -> None:
        """Write the manifest, the last of all."""
        self._file.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")


class MemberWriter:
    """Writes lines into a member; use it as a context."""

    def __init__(self, writer: Writer, name: str, target: IO[bytes]) -> None:
        self._writer, self._name, self._target = writer, name, target
        self._digest, self._encoder = hashlib.sha256(), msgspec.json.Encoder()
        self.count, self._bytes = 0, 0

    def write(self, line: Line) -> None:
        """Add one line."""
        self.write_text(self._encoder.encode(line) + b"\n")

    def write_text(self, text: bytes) -> None:
        """Add one line that is JSON already, with the end of the line."""
        self._target.write(text)
        self._digest.update(text)
        self.count, self._bytes = self.count + 1, self._bytes + len(text)

    def __enter__(self) -> "MemberWriter":
        return self

    def __exit__(self, *fault: object) -> None:
        self._target.close()
        self._writer.members[self._name] = Member(self.count, self._bytes, self._digest.hexdigest())


@contextmanager
def writing(path: Path) -> Generator[Writer]:
    """Write an archive that appears under its name when all of it is on the disk, readable by its owner alone.

    Raises:
        ArchiveFault: the file exists, or it cannot be written.
    """
    if path.exists():
        raise ArchiveFault(f"{path} exists already: name another file")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as fault:
        raise ArchiveFault(f"{path} cannot be written: {fault.strerror}") from fault
    try:
        with os.fdopen(handle, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as inner:
                yield Writer(inner)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
        _sync_folder(path.parent)
    except OSError as fault:
        raise ArchiveFault(f"{path} cannot be written: {fault.strerror or fault}") from fault
    finally:
        part.unlink(missing_ok=True)


class Reader:
    """Reads an archive."""

    def __init__(self, path: Path, file: zipfile.ZipFile, manifest: Manifest) -> None:
        self._path, self._file = path, file
        self.manifest = manifest

    def lines(self, name: str, kind: type[L]) -> Iterator[L]:
        """The lines of a member, in order.

        Raises:
            ArchiveFault: a line is not what it must be.
        """
        decoder = msgspec.json.Decoder(kind)
        for number, text in enumerate(self._texts(name), start=1):
            yield self._decode(decoder, name, number, text)

    def check(self) -> Iterator[Line]:
        """Read all members and compare each with the manifest; hands out their lines.

        Raises:
            ArchiveFault: something is missing, too much, or not what was written.
        """
        held = set(self._file.namelist())
        if (
            len(held) != len(self._file.namelist())
            or held != {MANIFEST, *MEMBERS}
            or set(MEMBERS) != set(self.manifest.members)
        ):
            raise ArchiveFault(f"{self._path}: its members are not those of an archive; it is damaged")
        for name, kind in MEMBERS.items():
            decoder = msgspec.json.Decoder(kind)
            digest, lines, size = hashlib.sha256(), 0, 0
            for text in self._texts(name):
                digest.update(text)
                lines, size = lines + 1, size + len(text)
                yield self._decode(decoder, name, lines, text)
            if Member(lines, size, digest.hexdigest()) != self.manifest.members[name]:
                raise ArchiveFault(f"{self._path}: {name} is not what was written (SHA-256 differs); it is damaged")

    def _decode(self, decoder: msgspec.json.Decoder[L], name: str, number: int, text: bytes) -> L:
        try:
            return decoder.decode(text)
        except msgspec.MsgspecError as fault:
            raise ArchiveFault(f"{self._path}: {name}, line {number}: {fault}; it is damaged") from fault

    def _texts(self, name: str) -> Iterator[bytes]:
        try:
            with self._file.open(name) as member:
                while text := member.readline(LONGEST_LINE):
                    yield text
        except (zipfile.BadZipFile, KeyError, EOFError, OSError, ValueError, zlib.error) as fault:
            raise ArchiveFault(f"{self._path}: {name} cannot be read ({fault}); it is damaged") from fault


@contextmanager
def reading(path: Path) -> Generator[Reader]:
    """Open an archive.

    Raises:
        ArchiveFault: it is none, is damaged, or was written by a later version.
    """
    try:
        file = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as fault:
        raise ArchiveFault(f"{path} is no archive, or damaged: {fault}") from fault
    with file:
        yield Reader(path, file, _manifest(path, file))


def is_archive(path: Path) -> bool:
    """Whether a file looks like an archive, sound or not: chats are text, which does not begin as a ZIP does."""
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def _manifest(path: Path, file: zipfile.ZipFile) -> Manifest:
    try:
        if file.getinfo(MANIFEST).file_size > _CHUNK:
            raise ArchiveFault(f"{path} is no archive of Doxa: its manifest is too long")
        text = file.read(MANIFEST)
        told = msgspec.json.decode(text, type=_Told)
    except (zipfile.BadZipFile, KeyError, EOFError, OSError, msgspec.MsgspecError) as fault:
        raise ArchiveFault(f"{path} is no archive of Doxa, or damaged: {fault}") from fault
    if told.format != FORMAT:
        raise ArchiveFault(f"{path} is no archive of Doxa")
    if told.version != VERSION:
        raise ArchiveFault(f"{path} has format version {told.version}; this Doxa reads version {VERSION}")
    try:
        return msgspec.json.decode(text, type=Manifest)
    except msgspec.MsgspecError as fault:
        raise ArchiveFault(f"{path}: {MANIFEST}: {fault}") from fault


class _Told(Struct, frozen=True):
    format: str
    version: int


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def in_batches(lines: Iterable[L], size: int) -> Iterator[list[L]]:
    """Lines in lists of so many."""
    batch: list[L] = []
    for line in lines:
        batch.append(line)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
