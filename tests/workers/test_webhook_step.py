"""Events as durable work: sent, tried again, given up, dropped."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from graph.driver import Transaction
from graph.store import webhooks, work, workspaces
from graph.types import Webhook
from tests.workers.conftest import Serve, key_of, tell
from tests.workers.hooked import Answer, Hooked
from tests.workers.hooked import hooked as hooked
from workers.delivery import sign
from workers.service import Service
from workers.unit import do

ANYWHERE = {"WEBHOOK_SECRET": "secret", "DOXA_WEBHOOK_ALLOW_PRIVATE": "true"}


async def hook(service: Service, workspace_id: str, url: str) -> Webhook:
    await workspaces.get_or_create(service.database, workspace_id, metadata={}, configuration={})
    webhook, _ = await webhooks.add(service.database, workspace_id, url)
    return webhook


async def announce(service: Service, workspace_id: str, data: Mapping[str, object]) -> list[str]:
    async def happen(tx: Transaction) -> list[str]:
        return [wake.key for wake in await webhooks.announce(tx, workspace_id, "test.event", data)]

    return await service.database.write(happen)


async def due(service: Service, workspace_id: str) -> list[str]:
    keys = await work.due(service.database, 100_000)
    return [key for key in keys if key.startswith(f"webhook/{workspace_id}/")]


async def make_due(service: Service, key: str) -> None:
    now = datetime.now(UTC) - timedelta(seconds=1)
    statement = "MATCH (w:Work {key: $key}) SET w.due_at = $now"
    await service.database.schema_statement(statement, {"key": key, "now": now})


async def test_an_event_is_sent_to_each_webhook_and_forgotten(serve: Serve, workspace_id: str, hooked: Hooked) -> None:
    service = await serve(**ANYWHERE)
    for name in ("one", "two"):
        await hook(service, workspace_id, f"{hooked.url}/{name}")

    keys = await announce(service, workspace_id, {"workspace_id": workspace_id, "z": 1, "a": "é"})
    for key in keys:
        await do(service, key)

    assert sorted(event.path for event in hooked.events) == ["/hook/one", "/hook/two"]
    for event in hooked.events:
        said = json.loads(event.body)
        assert said["type"] == "test.event"
        assert said["data"] == {"workspace_id": workspace_id, "z": 1, "a": "é"}
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", said["timestamp"])
        compact = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        assert event.body == compact
        assert event.headers["x-honcho-signature"] == sign("secret", event.body)
    assert {event.headers["x-doxa-event"] for event in hooked.events} == {key.rpartition("/")[2] for key in keys}
    for key in keys:
        await do(service, key)
    assert len(hooked.events) == 2, "what is done is done"
    assert await due(service, workspace_id) == []
    assert await work.lease(service.database, keys[0], 1) is None


async def test_a_failure_is_tried_again_no_sooner_than_asked(serve: Serve, workspace_id: str, hooked: Hooked) -> None:
    service = await serve(**ANYWHERE)
    await hook(service, workspace_id, hooked.url)
    (key,) = await announce(service, workspace_id, {})
    hooked.answer = lambda event: Answer(503, {"Retry-After": "60"})

    await do(service, key)
    await do(service, key)

    assert len(hooked.events) == 1
    assert await due(service, workspace_id) == []
    hooked.answer = lambda event: Answer(204)
    await make_due(service, key)
    await do(service, key)
    first, second = hooked.events
    assert first.body == second.body
    assert first.headers["x-doxa-event"] == second.headers["x-doxa-event"]
    assert await work.lease(service.database, key, 1) is None


async def test_an_event_that_nobody_takes_goes_to_the_dead_letters(
    serve: Serve, workspace_id: str, hooked: Hooked, caplog: pytest.LogCaptureFixture
) -> None:
    service = await serve(**ANYWHERE, DOXA_WEBHOOK_MAX_ATTEMPTS="3")
    await hook(service, workspace_id, hooked.url)
    (key,) = await announce(service, workspace_id, {})
    hooked.answer = lambda event: Answer(500)

    for _ in range(3):
        await make_due(service, key)
        await do(service, key)

    assert len(hooked.events) == 3
    assert f"{key}: given up at attempt 3: answered 500" in caplog.text
    assert await work.lease(service.database, key, 1) is None


async def test_an_address_behind_our_own_door_goes_to_the_dead_letters_at_once(
    serve: Serve, workspace_id: str, hooked: Hooked, caplog: pytest.LogCaptureFixture
) -> None:
    service = await serve(WEBHOOK_SECRET="secret")
    await hook(service, workspace_id, f"http://localhost:{hooked.port}/")
    (key,) = await announce(service, workspace_id, {})

    await do(service, key)

    assert hooked.events == []
    assert f"{key}: given up at attempt 1: the address is not public" in caplog.text


async def test_what_was_for_a_removed_webhook_is_dropped(serve: Serve, workspace_id: str, hooked: Hooked) -> None:
    service = await serve(**ANYWHERE)
    webhook = await hook(service, workspace_id, hooked.url)
    (key,) = await announce(service, workspace_id, {})
    await webhooks.remove(service.database, workspace_id, webhook.id)

    await do(service, key)

    assert hooked.events == []
    assert await due(service, workspace_id) == []
    assert await work.lease(service.database, key, 1) is None


async def test_a_worker_without_the_secret_sends_nothing_and_says_so(
    serve: Serve, workspace_id: str, hooked: Hooked, caplog: pytest.LogCaptureFixture
) -> None:
    service = await serve(DOXA_WEBHOOK_ALLOW_PRIVATE="true")
    await hook(service, workspace_id, hooked.url)
    (key,) = await announce(service, workspace_id, {})

    await do(service, key)

    assert hooked.events == []
    assert f"{key}: given up at attempt 1: WEBHOOK_SECRET is not set" in caplog.text


async def test_webhooks_are_told_once_when_a_unit_has_nothing_left(
    serve: Serve, workspace_id: str, hooked: Hooked
) -> None:
    service = await serve(**ANYWHERE, DOXA_REASONING_BATCH_TOKENS="15")
    await hook(service, workspace_id, hooked.url)
    await tell(service, workspace_id, "ann", "I live in Porto.", "I like tea.", "I have a cat.")

    await do(service, key_of(workspace_id, "ann"))
    (key,) = await due(service, workspace_id)
    await do(service, key)
    await do(service, key_of(workspace_id, "ann"))

    assert await due(service, workspace_id) == []
    (event,) = hooked.events
    said = json.loads(event.body)
    assert said["type"] == "queue.empty"
    assert said["data"] == {
        "workspace_id": workspace_id,
        "queue_type": "representation",
        "session_id": "s",
        "observer": None,
        "observed": "ann",
    }


async def test_nobody_is_told_without_a_secret_or_a_webhook(serve: Serve, workspace_id: str, hooked: Hooked) -> None:
    with_secret, without = await serve(**ANYWHERE), await serve()
    await tell(with_secret, workspace_id, "ann", "I live in Porto.")
    await do(with_secret, key_of(workspace_id, "ann"))
    assert await due(with_secret, workspace_id) == []

    await hook(without, workspace_id, hooked.url)
    await tell(without, workspace_id, "ann", "I like tea.")
    await do(without, key_of(workspace_id, "ann"))
    assert await due(without, workspace_id) == []


async def test_an_event_that_is_not_committed_is_not_told(serve: Serve, workspace_id: str, hooked: Hooked) -> None:
    service = await serve(**ANYWHERE)
    await hook(service, workspace_id, hooked.url)

    async def fail(tx: Transaction) -> None:
        await webhooks.announce(tx, workspace_id, "test.event", {})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await service.database.write(fail)
    assert await due(service, workspace_id) == []
