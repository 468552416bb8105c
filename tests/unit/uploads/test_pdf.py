"""PDF files, sound and hostile: each ends with a text or with a sentence, and soon."""

import asyncio
import random
import time

import pytest

from app.uploads.errors import FileBusy, FileUnreadable
from app.uploads.pdf import PdfReading
from tests.unit.uploads.files import assembled, locked, pdf


async def test_each_page_with_text_begins_with_its_number() -> None:
    assert await PdfReading().text_of(pdf("Ann lives in Porto.", "", "She has two cats.")) == (
        "[Page 1]\nAnn lives in Porto.\n\n[Page 3]\nShe has two cats."
    )


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"%PDF-1.4\nnothing else", "broken"),
        (pdf("Hello")[:200], "broken"),
        (locked(pdf("Hello"), "secret"), "encrypted"),
        (pdf(""), "no text"),
        (pdf(*(["x"] * 2001)), "2001 pages; at most 2000"),
    ],
    ids=["no objects", "cut off", "locked", "blank", "pages"],
)
async def test_what_cannot_be_read_is_refused_with_the_reason(content: bytes, why: str) -> None:
    with pytest.raises(FileUnreadable, match=why):
        await PdfReading().text_of(content)


async def test_a_pdf_that_is_locked_with_no_password_is_read() -> None:
    assert await PdfReading().text_of(locked(pdf("Hello"), "")) == "[Page 1]\nHello"


async def test_a_bomb_ends_soon_and_with_a_sentence() -> None:
    # 200 kB that unpack to 200 MB of drawing, of which pypdf would make objects.
    bomb = assembled([b"BT (x) Tj ET " * 15_000_000])
    began = time.monotonic()
    with pytest.raises(FileUnreadable, match=r"broken|too|no text"):
        await PdfReading(seconds=20).text_of(bomb)
    assert time.monotonic() - began < 30


async def test_one_that_takes_too_long_is_stopped_and_others_are_answered_meanwhile() -> None:
    slow = assembled([b"BT (x) Tj ET " * 1_500_000])
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    ticking = asyncio.create_task(tick())
    with pytest.raises(FileUnreadable, match="too long"):
        await PdfReading(seconds=1.5).text_of(slow)
    ticking.cancel()
    assert ticks > 30


async def test_few_are_read_at_once() -> None:
    reading = PdfReading(at_once=1, wait_seconds=0.05)
    first = asyncio.create_task(reading.text_of(pdf("Hello")))
    await asyncio.sleep(0)
    with pytest.raises(FileBusy):
        await reading.text_of(pdf("Hello"))
    assert await first == "[Page 1]\nHello"
    assert await reading.text_of(pdf("Bye")) == "[Page 1]\nBye"


async def test_damage_ends_with_a_text_or_a_sentence() -> None:
    choose = random.Random(7)
    sound = pdf("Ann lives in Porto.", "She has two cats.", packed=False)
    for _ in range(8):
        damaged = bytearray(sound)
        for _ in range(choose.randint(1, 40)):
            damaged[choose.randrange(9, len(damaged))] = choose.randrange(256)
        try:
            assert "[Page" in await PdfReading().text_of(bytes(damaged))
        except FileUnreadable as fault:
            assert fault.detail
