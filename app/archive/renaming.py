"""How an archive's ids and names become those of the store: as they are, or anew for a copy under another name."""

from collections.abc import Callable
from typing import cast

from msgspec import Struct

from app.archive.rows import Properties, Tie
from app.archive.values import unpacked
from graph import archive_table as table
from graph.ids import derived_id
from graph.perspective import perspective
from graph.search_terms import scope_terms


class Renaming(Struct, frozen=True):
    """What becomes of ids and names.

    Attributes:
        secret: the archive's own id, from which new ids are derived: an import that is begun anew makes the same.
        workspace_id: the new name of the one workspace; None when everything stays as it is.
    """

    secret: str
    workspace_id: str | None = None

    def workspace(self, name: str) -> str:
        """A workspace's name."""
        return self.workspace_id or name

    def id(self, old: str) -> str:
        """An id that is unique in a whole store."""
        return old if self.workspace_id is None else derived_id(f"{self.secret}/{self.workspace_id}", old)

    def uid(self, old: str | None) -> str | None:
        """An id of a session's own, if there is one."""
        return None if old is None else self.id(old)

    def other(self, tie: Tie) -> str:
        """The node at the other end of a relationship."""
        return self.id(tie.id) if tie.node in table.WITH_IDS else tie.id

    def edge(self, properties: Properties) -> Properties:
        """A relationship's properties."""
        return self._common(unpacked(properties))

    def node(self, label: str, properties: Properties) -> Properties:
        """A node's properties."""
        old = unpacked(properties)
        if self.workspace_id is None:
            return old
        new = self._common(old)
        if label in table.WITH_IDS:
            new["id"] = self.id(str(old["id"]))
        of_kind = _SPECIAL.get(label)
        if of_kind is not None:
            of_kind(self, self.workspace_id, old, new)
        return new

    def key(self, unit: Properties) -> str:
        """The key of a unit of work."""
        if self.workspace_id is None:
            return str(unit["key"])
        parts = str(unit["key"]).split("/")
        parts[table.WORKSPACE_IN_KEY.get(str(unit["kind"]), 1)] = self.workspace_id
        return "/".join(parts)

    def _common(self, old: Properties) -> Properties:
        if self.workspace_id is None:
            return old
        return {name: self._value(table.RENAMED.get(name), value) for name, value in old.items()}

    def _value(self, renamed: table.Renamed | None, value: object) -> object:
        if renamed is None:
            return value
        if isinstance(value, list):
            return [self._value(renamed, item) for item in cast("list[object]", value)]
        if renamed == "ids":
            return " ".join(self.id(each) for each in str(value).split())
        return self.id(str(value)) if renamed == "id" else self.workspace_id


def _workspace(renaming: Renaming, name: str, old: Properties, new: Properties) -> None:
    new["id"] = name


def _message(renaming: Renaming, name: str, old: Properties, new: Properties) -> None:
    if "search_scope" in old:
        new["search_scope"] = scope_terms(name, str(old["session_id"]), str(old["peer_id"]))


def _conclusion(renaming: Renaming, name: str, old: Properties, new: Properties) -> None:
    new["perspective"] = perspective(name, str(old["observer_id"]), str(old["observed_id"]))
    # What a client stated stands alone: its key is its own id.
    if old["content_key"] == old["id"]:
        new["content_key"] = new["id"]


def _work(renaming: Renaming, name: str, old: Properties, new: Properties) -> None:
    new["key"] = renaming.key(old)


_SPECIAL: dict[str, Callable[[Renaming, str, Properties, Properties], None]] = {
    "Workspace": _workspace,
    "Message": _message,
    "Conclusion": _conclusion,
    "Work": _work,
}
