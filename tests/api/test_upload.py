"""Files become messages through the service: what is taken, what is refused, and by whom it can be sent."""

# The client is typed but ships no marker that says so.
# pyright: reportMissingTypeStubs=false

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from honcho import Honcho

from tests.api.conftest import Served, deep, detail, problems
from tests.unit.uploads.files import assembled, pdf

PATH = "/sessions/s/messages/upload"
File = tuple[str, bytes, str]


async def upload(client: httpx.AsyncClient, base: str, file: File, **form: str) -> httpx.Response:
    return await client.post(f"{base}{PATH}", files={"file": file}, data={"peer_id": "ann", **form})


def text(content: str | bytes = "Ann lives in Porto.") -> File:
    return ("notes.txt", content.encode() if isinstance(content, str) else content, "text/plain")


def part(named: str) -> bytes:
    """The head of a part of a form with boundary `b`."""
    return f"--b\r\nContent-Disposition: form-data; {named}\r\n\r\n".encode()


async def stored(client: httpx.AsyncClient, base: str) -> int:
    return (await client.post(f"{base}/sessions/s/messages/list")).json()["total"]


def contents(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 201, answer.text
    return [message["content"] for message in answer.json()]


async def test_a_file_becomes_a_message_with_what_the_form_says(client: httpx.AsyncClient, base: str) -> None:
    answer = await upload(
        client,
        base,
        text(),
        metadata='{"source": "notes"}',
        configuration='{"reasoning": {"enabled": false}}',
        created_at="2026-02-03T04:05:06+01:00",
    )

    (message,) = answer.json()
    assert answer.status_code == 201
    assert message["content"] == "Ann lives in Porto."
    assert message["metadata"] == {"source": "notes"}
    assert message["created_at"] == "2026-02-03T03:05:06Z"
    assert (message["peer_id"], message["session_id"]) == ("ann", "s")
    assert message["token_count"] > 0
    assert set(message) == {"id", "content", "peer_id", "session_id", "workspace_id", "metadata", "created_at",
                            "token_count"}  # fmt: skip
    listed = (await client.post(f"{base}/sessions/s/messages/list")).json()
    assert listed["items"] == [message]
    assert (await client.get(f"{base}/queue/status")).json()["total_work_units"] == 0


async def test_a_long_file_becomes_many_messages_in_its_order(client: httpx.AsyncClient, base: str) -> None:
    paragraphs = [f"Paragraph {number}: " + "words and more words, " * 60 + "end." for number in range(300)]
    answer = await upload(client, base, text("\n\n".join(paragraphs)), metadata='{"n": 1}')

    pieces = contents(answer)
    assert len(pieces) > 100
    assert "\n\n".join(pieces) == "\n\n".join(paragraphs)
    assert {message["created_at"] for message in answer.json()} == {answer.json()[0]["created_at"]}
    assert all(message["metadata"] == {"n": 1} for message in answer.json())
    page = await client.post(f"{base}/sessions/s/messages/list", params={"size": 100})
    assert [message["content"] for message in page.json()["items"]] == pieces[:100]
    assert await stored(client, base) == len(pieces)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        (("a.pdf", pdf("Ann lives in Porto.", "She has cats."), "application/pdf"),
         "[Page 1]\nAnn lives in Porto.\n\n[Page 2]\nShe has cats."),
        (("a.json", b'{"a":[1,"\\u00e9"]}', "application/json"), '{\n  "a": [\n    1,\n    "é"\n  ]\n}'),
        (("a.md", "süß".encode("utf-16"), "text/markdown"), "süß"),
        (("a.txt", "süß".encode("latin-1"), "text/plain; charset=iso-8859-1"), "süß"),
        (("a.txt", b"", "text/plain"), ""),
        (("a.json", b"", "application/json"), ""),
        (("a.txt", b" \n\t\n ", "text/plain"), ""),
        (("notes.md", b"# Hi", "application/octet-stream"), "# Hi"),
        (("a.txt", b"<|endoftext|> a\0b", "text/plain"), "<|endoftext|> ab"),
    ],
    ids=["pdf", "json", "utf-16", "latin-1", "empty", "empty json", "blank", "by name", "marker"],
)  # fmt: skip
async def test_what_is_in_a_file(file: File, content: str, client: httpx.AsyncClient, base: str) -> None:
    assert contents(await upload(client, base, file)) == [content]


@pytest.mark.parametrize(
    ("file", "status", "why"),
    [
        (("a.png", b"\x89PNG\0\0", "image/png"), 415, "only application/pdf"),
        (("a.pdf", b"hello", "application/pdf"), 415, "its content is none"),
        (("a.txt", b"\0\1\2\3" * 99, "text/plain"), 415, "binary"),
        (("a", b"hello", "application/octet-stream"), 415, "declare it"),
        (("a.json", b"{", "application/json"), 422, "not JSON"),
        (("a.json", "{}".encode("utf-16"), "application/json"), 422, "not UTF-8"),
        (("a.pdf", b"%PDF-1.4 broken", "application/pdf"), 422, "broken"),
        (("a.pdf", pdf(""), "application/pdf"), 422, "no text"),
        (("a.txt", b"x" * 5_242_881, "text/plain"), 413, "5242880 bytes"),
        (("a.txt", b"x" * 7_000_000, "text/plain"), 413, "Too Large"),
        (("a.txt", b"x" * 40_000_000, "text/plain"), 413, "Too Large"),
    ],
    ids=["png", "no pdf", "binary", "untyped", "half json", "wide json", "half pdf", "blank pdf", "a byte too many",
         "two MB too many", "40 MB"],
)  # fmt: skip
async def test_what_is_no_file_of_ours_is_refused_and_nothing_is_stored(
    file: File, status: int, why: str, client: httpx.AsyncClient, base: str
) -> None:
    assert why in detail(await upload(client, base, file), status)
    assert await stored(client, base) == 0


async def test_a_body_without_announced_length_is_cut_off_at_the_limit(client: httpx.AsyncClient, base: str) -> None:
    async def body() -> AsyncGenerator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        for _ in range(20):
            yield b"x" * 1_000_000

    headers = {"content-type": "multipart/form-data; boundary=b"}
    answer = await client.post(f"{base}{PATH}", content=body(), headers=headers)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "form",
    [
        {"metadata": "{not json", "configuration": "nor this", "created_at": "yesterday"},
        {"metadata": "", "configuration": "", "created_at": ""},
        {"metadata": "null", "configuration": "null", "created_at": "1700000000"},
        {"metadata": "[" * 5000, "created_at": "0001-01-01T00:00:00+23:00"},
    ],
)
async def test_what_cannot_be_parsed_counts_as_not_sent(
    form: dict[str, str], client: httpx.AsyncClient, base: str
) -> None:
    answer = await upload(client, base, text(), **form)
    assert answer.status_code == 201, answer.text
    assert answer.json()[0]["metadata"] == {}
    assert answer.json()[0]["created_at"] > "2026-01-02"


@pytest.mark.parametrize(
    ("form", "loc"),
    [
        ({"metadata": "[1]"}, ["body", "metadata"]),
        ({"metadata": json.dumps({f"k{number}": 1 for number in range(101)})}, ["body", "metadata"]),
        ({"metadata": json.dumps(deep(6))}, ["body", "metadata"]),
        ({"configuration": "7"}, ["body", "configuration"]),
        ({"configuration": '{"reasoning": {"enabled": "perhaps"}}'}, ["body", "configuration", "reasoning", "enabled"]),
    ],
)
async def test_what_breaks_a_rule_is_refused_by_name(
    form: dict[str, str], loc: list[str], client: httpx.AsyncClient, base: str
) -> None:
    (problem,) = problems(await upload(client, base, text(), **form))
    assert problem["loc"] == loc
    assert await stored(client, base) == 0


async def test_a_form_must_have_its_parts(client: httpx.AsyncClient, base: str) -> None:
    url = f"{base}{PATH}"
    missing = problems(await client.post(url, data={"metadata": "{}"}))
    assert {(str(one["loc"]), one["type"]) for one in missing} == {
        ("['body', 'file']", "missing"), ("['body', 'peer_id']", "missing")
    }  # fmt: skip
    (no_file,) = problems(await client.post(url, data={"peer_id": "ann", "file": "text"}))
    assert no_file["loc"] == ["body", "file"]
    two_files: dict[str, Any] = {"file": text(), "peer_id": text("ann")}
    (no_text,) = [one for one in problems(await client.post(url, files=two_files)) if one["type"] != "missing"]
    assert no_text["loc"] == ["body", "peer_id"]


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("multipart/form-data", b"--b\r\n\r\n"),
        ("multipart/form-data; boundary=", b"--\r\n\r\n"),
        ("multipart/form-data; boundary=b", b""),
        ("multipart/form-data; boundary=b", b"no form at all"),
        ("multipart/form-data; boundary=b", part('name="file"; filename="a"') + b"x"),
        ("multipart/form-data; boundary=b", part('name="peer_id"') + b"\xff\r\n--b--"),
        ("multipart/form-data; boundary=b", part('name="peer_id"\r\nContent-Type: a/b; charset=no') + b"x\r\n--b--"),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--"),
        ("multipart/form-data; boundary=b", (part('name="x"') + b"\r\n") * 1500),
        ("application/json", b'{"file": "x"}'),
        ("application/x-www-form-urlencoded", b"peer_id=ann&file=%ff"),
        ("", b"x"),
        ("\xff", b"x"),
    ],
)  # fmt: skip
async def test_what_is_no_form_is_refused(media_type: str, body: bytes, client: httpx.AsyncClient, base: str) -> None:
    headers = {"content-type": media_type.encode("latin-1")}
    answer = await client.post(f"{base}{PATH}", content=body, headers=headers)  # pyright: ignore[reportArgumentType]
    assert problems(answer)


@pytest.mark.parametrize(("peer_id", "why"), [("", "at least 1"), ("scope.x", "reserved"), ("a b", "must match")])
async def test_the_peers_name_obeys_its_rules(peer_id: str, why: str, client: httpx.AsyncClient, base: str) -> None:
    answer = await client.post(f"{base}{PATH}", files={"file": text()}, data={"peer_id": peer_id})
    assert why in detail(answer)


async def test_a_file_name_may_be_anything(client: httpx.AsyncClient, base: str) -> None:
    for name in ("../../etc/passwd.txt", "漢字.txt", 'a"b.txt', "x" * 2000 + ".txt"):
        assert contents(await upload(client, base, (name, b"hi", ""))) == ["hi"]


async def test_a_hostile_pdf_delays_nobody(client: httpx.AsyncClient, base: str, served: Served) -> None:
    slow = ("a.pdf", assembled([b"BT (x) Tj ET " * 60_000]), "application/pdf")
    sending = asyncio.create_task(upload(client, base, slow))
    longest = 0.0
    while not sending.done():
        began = time.monotonic()
        assert (await client.get("/health")).status_code == 200
        longest = max(longest, time.monotonic() - began)
        await asyncio.sleep(0.02)
    assert (await sending).status_code in {201, 422}
    assert longest < 5


@pytest.mark.client
async def test_the_published_client_uploads_files(served: Served, workspace: str, tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text("# Notes\n\nAnn lives in Porto.\n", encoding="utf-8")
    honcho = Honcho(base_url=served.url, workspace_id=workspace)
    session = honcho.session("s")

    with path.open("rb") as file:
        (message,) = session.upload_file(
            file, peer="ann", metadata={"n": 1}, created_at=datetime(2026, 2, 3, tzinfo=UTC)
        )
    assert (message.content, message.peer_id) == ("# Notes\n\nAnn lives in Porto.", "ann")
    assert message.metadata == {"n": 1}
    assert message.created_at == datetime(2026, 2, 3, tzinfo=UTC)
    (page,) = await honcho.session("s").aio.upload_file(
        ("a.pdf", pdf("She has cats."), "application/pdf"), peer="ann", configuration={"reasoning": {"enabled": False}}
    )
    assert page.content == "[Page 1]\nShe has cats."
