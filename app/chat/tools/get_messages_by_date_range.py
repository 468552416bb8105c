"""Reading messages of a time."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct

from app.chat.memory import Memory
from app.chat.tools.seam import Found, Misused, between, tool

MOST = 50


class Arguments(Struct):
    """Which time."""

    since: Annotated[str | None, Meta(description="First day (2026-05-04) or moment (ISO 8601); open without it.")] = (
        None
    )
    until: Annotated[str | None, Meta(description="Last day, that day included, or moment; open without it.")] = None
    limit: Annotated[int, Meta(description=f"How many at most, 1 to {MOST}; the newest come.")] = 20


async def get_messages_by_date_range(memory: Memory, asked: Arguments) -> Found:
    """The newest messages of a time, oldest first."""
    since, until = _moment("since", asked.since, last=False), _moment("until", asked.until, last=True)
    found = await memory.said(since=since, until=until, limit=between(asked.limit, 1, MOST))
    return Found(messages=list(reversed(found)))


def _moment(name: str, text: str | None, *, last: bool) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        if last and len(text.strip()) <= len("2026-05-04"):
            moment += timedelta(days=1)
    except (ValueError, OverflowError) as fault:
        raise Misused(f"{name} must be a day such as 2026-05-04 or a moment in ISO 8601") from fault
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


TOOL = tool("Read the messages of some days.", Arguments, get_messages_by_date_range)
