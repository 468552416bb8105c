"""Passwords made at the first start, each in a file that only its owner can read."""

import os
import secrets
from pathlib import Path

from app.engine.errors import HomeFault


def keep_secret(file: Path) -> str:
    """Return the secret in a file; make file and secret if there is none yet.

    The file appears complete or not at all, with mode 0600 from its first moment.

    Raises:
        HomeFault: the file is empty or cannot be read or written.
    """
    try:
        if not file.exists():
            _make(file)
        secret = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise HomeFault(f"the password file {file} cannot be read or made: {fault}") from fault
    if not secret:
        raise HomeFault(f"the password file {file} is empty: restore it, or remove the home to begin anew")
    return secret


def _make(file: Path) -> None:
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with open(handle, "w", encoding="ascii") as content:
            content.write(secrets.token_urlsafe(24) + "\n")
            content.flush()
            os.fsync(content.fileno())
        # A link and not a rename: if another start was faster, its secret stands.
        os.link(part, file)
    except FileExistsError:
        return
    finally:
        part.unlink(missing_ok=True)
