"""One event to one address: signed, checked where it goes, and over in bounded time."""

import asyncio
import socket
import time
from collections.abc import Sequence

import pytest

from tests.workers.hooked import Answer, Hooked
from tests.workers.hooked import hooked as hooked
from workers.delivery import Delivering, Refused, Undelivered, deliver, resolve, sign

ANYWHERE = Delivering(secret="secret", timeout_seconds=5, allow_private=True)
OUTSIDE = Delivering(secret="secret", timeout_seconds=2, allow_private=False)
BODY = b'{"data":{},"type":"test.event"}'


class Names:
    """A resolver that answers something else each time, the last for ever."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


async def test_an_event_arrives_as_it_was_signed(hooked: Hooked) -> None:
    await deliver(ANYWHERE, f"{hooked.url}/a%20b?c=d", "event-1", BODY)

    (event,) = hooked.events
    assert (event.path, event.body) == ("/hook/a%20b?c=d", BODY)
    assert event.headers["x-honcho-signature"] == sign("secret", BODY)
    # As `openssl dgst -sha256 -hmac secret </dev/null` has it.
    assert sign("secret", b"") == "f9e66e179b6747ae54108f82f8ade8b3c25d76fd30afde6c395822c530196169"
    assert event.headers["content-type"] == "application/json"
    assert event.headers["x-doxa-event"] == "event-1"
    assert event.headers["host"] == f"127.0.0.1:{hooked.port}"
    assert "authorization" not in event.headers


async def test_a_name_and_password_in_the_url_are_sent_as_such(hooked: Hooked) -> None:
    await deliver(ANYWHERE, hooked.url.replace("//", "//me:a%20b@"), "event", BODY)
    assert hooked.events[0].headers["authorization"] == "Basic bWU6YSBi"


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 404, 410, 429, 500, 503])
async def test_another_status_than_200_to_299_is_a_failure_and_nothing_is_followed(status: int, hooked: Hooked) -> None:
    hooked.answer = lambda event: Answer(status, {"Location": f"http://127.0.0.1:{hooked.port}/elsewhere"})
    with pytest.raises(Undelivered, match=f"answered {status}"):
        await deliver(ANYWHERE, hooked.url, "event", BODY)
    assert [event.path for event in hooked.events] == ["/hook"]


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("999999999", 3600),
        ("Fri, 31 Dec 1999 23:59:59 GMT", 0),
        ("Fri, 31 Dec 2999 23:59:59 GMT", 3600),
        ("soon", None),
        ("-5", None),
    ],
)
async def test_how_long_the_address_wants_to_be_left_alone(said: str, seconds: float | None, hooked: Hooked) -> None:
    hooked.answer = lambda event: Answer(503, {"Retry-After": said})
    with pytest.raises(Undelivered) as failed:
        await deliver(ANYWHERE, hooked.url, "event", BODY)
    assert failed.value.retry_after == seconds


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "2130706433", "0x7f.1", "017700000001", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0",
        "①②⑦.0.0.1",
    ],
)  # fmt: skip
async def test_nothing_is_sent_behind_our_own_door(host: str, hooked: Hooked) -> None:
    with pytest.raises(Refused, match="not public"):
        await deliver(OUTSIDE, f"http://{host}:{hooked.port}/hook", "event", BODY)
    assert hooked.events == []


@pytest.mark.parametrize(
    "addresses", [["10.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["64:ff9b::7f00:1"], ["2002:7f00:1::1"], ["fe80::1%lo"]]
)
async def test_a_name_is_refused_for_any_address_that_is_not_public(addresses: list[str]) -> None:
    with pytest.raises(Refused, match="not public"):
        await deliver(OUTSIDE, "https://rebinding.test/", "event", BODY, Names(addresses))


async def test_the_connection_goes_to_the_address_that_was_checked(hooked: Hooked) -> None:
    # Of the range that is given out but of nobody's: public, and nothing answers there.
    names = Names(["2000::1"], ["127.0.0.1"])
    with pytest.raises(Undelivered) as failed:
        await deliver(OUTSIDE, f"http://rebinding.test:{hooked.port}/", "event", BODY, names)
    assert not isinstance(failed.value, Refused)
    assert names.asked == ["rebinding.test"], "the name is resolved once"
    assert hooked.events == []

    names = Names(["127.0.0.1"], ["2000::1"])
    await deliver(ANYWHERE, f"http://rebinding.test:{hooked.port}/", "event", BODY, names)
    assert hooked.events[0].headers["host"] == f"rebinding.test:{hooked.port}"
    assert names.asked == ["rebinding.test"]


async def test_tls_asks_for_the_name_and_not_for_the_address() -> None:
    greetings: list[bytes] = []

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        greetings.append(await reader.read(4096))
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(Undelivered, match="no connection"):
            await deliver(ANYWHERE, f"https://rebinding.test:{port}/", "event", BODY, Names(["127.0.0.1"]))
    assert b"rebinding.test" in greetings[0]


async def test_the_next_address_is_tried_when_one_does_not_answer(hooked: Hooked) -> None:
    names = Names(["::1", "127.0.0.1"])
    await deliver(ANYWHERE, f"http://two.test:{hooked.port}/", "event", BODY, names)
    assert len(hooked.events) == 1


async def test_an_answer_without_end_is_not_read(hooked: Hooked) -> None:
    hooked.answer = lambda event: Answer(endless=True)
    began = time.monotonic()
    await deliver(ANYWHERE, hooked.url, "event", BODY)
    assert time.monotonic() - began < 2


async def test_silence_ends_after_the_timeout() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        hasty = Delivering(secret="secret", timeout_seconds=0.3, allow_private=True)
        with pytest.raises(Undelivered, match=r"within 0\.3 s"):
            await deliver(hasty, f"http://127.0.0.1:{silent.getsockname()[1]}/", "event", BODY)


@pytest.mark.parametrize("said", [b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 200 OK\r\nx: " + b"y" * 200_000])
async def test_what_is_no_http_is_a_failure(said: bytes) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(Undelivered, match=r"no HTTP|no connection"):
            await deliver(ANYWHERE, f"http://127.0.0.1:{port}/", "event", BODY)


async def test_a_name_that_nobody_knows_is_a_failure_that_may_pass() -> None:
    with pytest.raises(Undelivered, match="no connection"):
        await deliver(OUTSIDE, "http://nobody.invalid/", "event", BODY)


async def test_the_system_knows_its_own_addresses() -> None:
    assert set(await resolve("localhost", 80)) <= {"127.0.0.1", "::1"}
