"""The commands about keys."""

from datetime import UTC, datetime

import click

from app import keys as tokens
from app.keys import Caller
from app.settings import SettingsFault, load
from graph.errors import Invalid


@click.group()
def keys() -> None:
    """Keys for clients: signed with AUTH_JWT_SECRET, asked for where AUTH_USE_AUTH is true."""


@keys.command()
@click.option("--admin", is_flag=True, help="A key that reaches everything.")
@click.option("--workspace", help="A key for this workspace.")
@click.option("--peer", help="Only for this peer of it, and the sessions that it is in.")
@click.option("--session", help="Only for this session of it.")
@click.option("--expires", type=click.DateTime(), help="Until when it is valid, in UTC; for ever by default.")
def create(admin: bool, workspace: str | None, peer: str | None, session: str | None, expires: datetime | None) -> None:
    """Make a key and print it. It is stored nowhere and cannot be taken back before it expires.

    Raises:
        SettingsFault: there is no secret to sign it with.
    """
    secret = load().auth.secret
    if secret is None:
        raise SettingsFault("AUTH_JWT_SECRET is required to sign keys; the service must have the same one")
    if admin and (workspace or peer or session):
        raise click.UsageError("--admin reaches everything; leave out --workspace, --peer and --session")
    try:
        caller = Caller(admin=True) if admin else tokens.reach(workspace, peer, session)
    except Invalid as fault:
        raise click.UsageError(f"{fault.detail} (or --admin)") from fault
    click.echo(tokens.mint(secret, caller, None if expires is None else expires.replace(tzinfo=UTC)))
