"""Keys of repeated requests end: they are taken anew once they have expired, and removed a few at a time."""

from datetime import timedelta

import pytest

from graph.driver import Database
from graph.store import idempotency, messages
from graph.store.idempotency import Once
from graph.store.messages import Appended, Deployment
from tests.graph.conftest import said

HOUR = timedelta(hours=1)


async def _say(database: Database, workspace_id: str, key: str, keep: timedelta) -> Appended:
    once = Once(route="messages", key=key, digest="d", keep=keep)
    return await messages.append(
        database,
        workspace_id=workspace_id,
        session_id="s",
        messages=[said("ann", "Hello."), said("bob", "Hi.")],
        deployment=Deployment(),
        once=once,
    )


async def test_a_key_that_has_expired_is_taken_anew(database: Database, workspace_id: str) -> None:
    first = await _say(database, workspace_id, "k", -HOUR)
    second = await _say(database, workspace_id, "k", HOUR)
    third = await _say(database, workspace_id, "k", HOUR)

    assert [first.replayed, second.replayed, third.replayed] == [False, False, True]
    assert [message.seq for message in second.messages] == [3, 4]
    assert list(third.messages) == list(second.messages)


async def test_expired_keys_are_removed_a_bounded_number_at_a_time_and_no_others(
    database: Database, workspace_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    while await idempotency.forget_expired(database):
        pass
    for number in range(5):
        await _say(database, workspace_id, f"old {number}", -HOUR)
    await _say(database, workspace_id, "new", HOUR)
    monkeypatch.setattr(idempotency, "EXPIRED_AT_ONCE", 2)

    assert [await idempotency.forget_expired(database) for _ in range(4)] == [2, 2, 1, 0]
    assert (await _say(database, workspace_id, "new", HOUR)).replayed
    assert not (await _say(database, workspace_id, "old 1", HOUR)).replayed
