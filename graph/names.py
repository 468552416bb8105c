"""The rules that names of workspaces, peers, sessions and scopes follow (contract section 3)."""

import re
from typing import Literal

from graph.errors import Invalid

MAX_NAME = 512
NAME_PATTERN = "^[a-zA-Z0-9_-]+$"
RESERVED_PEER_PREFIX = "scope."
MAX_SCOPE_NAME = MAX_NAME - len(RESERVED_PEER_PREFIX)
_NAME = re.compile(NAME_PATTERN, re.ASCII)

Noun = Literal["workspace", "peer", "session"]


def check_new_name(noun: Noun, name: str) -> None:
    """Check a name that is about to be created.

    Raises:
        Invalid: it is empty, too long, reserved or holds a character that no name may hold.
    """
    check_known_name(noun, name)
    if noun == "peer" and name.startswith(RESERVED_PEER_PREFIX):
        raise Invalid(f"{noun} name must not start with the reserved prefix '{RESERVED_PEER_PREFIX}'")
    if _NAME.fullmatch(name) is None:
        raise Invalid(f"{noun} name must match {NAME_PATTERN}")


def check_known_name(noun: Noun, name: str) -> None:
    """Check a name that may exist already: only what no stored name can break.

    Raises:
        Invalid: it is empty, too long or holds a NUL.
    """
    if not name:
        raise Invalid(f"{noun} name must have at least 1 character")
    if len(name) > MAX_NAME:
        raise Invalid(f"{noun} name must have at most {MAX_NAME} characters")
    if "\0" in name:
        raise Invalid(f"{noun} name must not hold a NUL character")


def check_scope_name(name: str) -> None:
    """Check the name of a scope, as clients say it: without the prefix of the peer that stands for it.

    Raises:
        Invalid: it is empty, too long, starts with the prefix or holds a character that no name may hold.
    """
    if not name:
        raise Invalid("scope name must have at least 1 character")
    if len(name) > MAX_SCOPE_NAME:
        raise Invalid(f"scope name must have at most {MAX_SCOPE_NAME} characters")
    if name.startswith(RESERVED_PEER_PREFIX):
        raise Invalid(f"scope name must not start with the reserved prefix '{RESERVED_PEER_PREFIX}'")
    if _NAME.fullmatch(name) is None:
        raise Invalid(f"scope name must match {NAME_PATTERN}")


def scope_peer(name: str) -> str:
    """The name of the hidden peer that stands for a scope."""
    return RESERVED_PEER_PREFIX + name


def refuse_scope_peer(peer_id: str) -> None:
    """Refuse the name of a peer that stands for a scope, or would: it neither speaks nor is observed.

    Raises:
        Invalid: it starts with the reserved prefix.
    """
    if peer_id.startswith(RESERVED_PEER_PREFIX):
        raise Invalid(f"peer name must not start with the reserved prefix '{RESERVED_PEER_PREFIX}', kept for scopes")
