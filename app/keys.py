"""Keys: signed tokens (HS256) that say how far their bearer may reach. They are stored nowhere and cannot be listed."""

# PyJWT leaves the types of keys of other algorithms open.
# pyright: reportUnknownMemberType=false

from datetime import UTC, datetime
from typing import cast

import jwt
from msgspec import Struct

from graph.errors import Invalid, Unauthorised
from graph.ids import new_id
from graph.names import check_known_name

ALGORITHM = "HS256"


class Caller(Struct, frozen=True, kw_only=True):
    """How far a caller may reach; the narrowest name given decides.

    Attributes:
        admin: everything, everywhere.
        workspace_id: this workspace only.
        peer_id: this peer only, and reading of the sessions it is in.
        session_id: this session only.
    """

    admin: bool = False
    workspace_id: str | None = None
    peer_id: str | None = None
    session_id: str | None = None

    @property
    def wide(self) -> bool:
        """Whether it reaches a whole workspace, or all."""
        return self.admin or (self.workspace_id is not None and self.peer_id is None and self.session_id is None)

    def reaches(self, workspace_id: str) -> bool:
        """Whether it has to do with this workspace at all."""
        return self.admin or self.workspace_id == workspace_id


#: Who calls while no keys are asked for.
ANYBODY = Caller(admin=True)


def reach(workspace_id: str | None, peer_id: str | None, session_id: str | None) -> Caller:
    """How far a key is to reach that names these; empty names count as none.

    Raises:
        Invalid: there is no workspace, or a name is none.
    """
    if not workspace_id:
        raise Invalid("workspace_id is required" + (" beside peer_id and session_id" if peer_id or session_id else ""))
    check_known_name("workspace", workspace_id)
    if peer_id:
        check_known_name("peer", peer_id)
    if session_id:
        check_known_name("session", session_id)
    return Caller(workspace_id=workspace_id, peer_id=peer_id or None, session_id=session_id or None)


def mint(secret: str, caller: Caller, expires_at: datetime | None = None) -> str:
    """Make a key.

    Args:
        secret: what signs it.
        caller: how far it reaches.
        expires_at: until when it is valid; None for ever.
    """
    claims: dict[str, object] = {"t": f"{datetime.now(UTC).isoformat()} {new_id()}"}
    if caller.admin:
        claims["ad"] = True
    names = {"w": caller.workspace_id, "p": caller.peer_id, "s": caller.session_id}
    claims.update({claim: name for claim, name in names.items() if name})
    if expires_at is not None:
        claims["exp"] = int(expires_at.timestamp())
    return jwt.encode(claims, secret, algorithm=ALGORITHM)


def read(secret: str, key: str) -> Caller:
    """Read a key.

    Raises:
        Unauthorised: it is not signed by the secret, has expired, or claims nothing that makes sense.
    """
    try:
        claims = cast("dict[str, object]", jwt.decode(key, secret, algorithms=[ALGORITHM]))
    except jwt.ExpiredSignatureError as fault:
        raise Unauthorised("The key has expired") from fault
    except (jwt.PyJWTError, ValueError) as fault:
        raise Unauthorised("The key is not valid") from fault
    admin = claims.get("ad") is True
    workspace_id, peer_id, session_id = (_name(claims, claim) for claim in ("w", "p", "s"))
    if not admin and workspace_id is None:
        raise Unauthorised("The key names no workspace")
    return Caller(admin=admin, workspace_id=workspace_id, peer_id=peer_id, session_id=session_id)


def _name(claims: dict[str, object], claim: str) -> str | None:
    value = claims.get(claim)
    if value is not None and not isinstance(value, str):
        raise Unauthorised("The key is not valid")
    return value or None
