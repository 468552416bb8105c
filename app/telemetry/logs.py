"""The one place that decides how log lines look: those of the API, of the workers and of the command line.

Above `DEBUG` a line holds nothing that users wrote and no secret. What our own code logs is written that way; this
module sees to what others log: of an exception only its type and where it was raised are shown (its words may quote a
stored text), libraries that log addresses or bodies are kept quiet, and known secrets are struck out of every line.
"""

import logging
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO
from urllib.parse import unquote, urlsplit

import msgspec
from msgspec import Struct

from app.telemetry.scene import current

TEXT, JSON = "text", "json"
FORMS = (TEXT, JSON)

#: These log whole addresses, bodies, or words of the server that may quote a value, at levels that are read every day.
QUIET = ("httpx", "httpx2", "httpcore", "openai", "urllib3", "requests")
#: Of these only what is broken is of interest; what is tried again is counted.
QUIETER = ("neo4j",)
#: Servers that bring handlers of their own.
TAKEN_OVER = ("_granian", "granian.access", "dramatiq")

#: A shorter secret could be a common word, and striking it out would make lines unreadable.
LEAST_SECRET = 8
STRUCK_OUT = "***"
FRAMES = 12

_SECRET_FIELDS = ("password", "api_key", "secret")
_ADDRESS_FIELDS = ("url", "uri")
_CONTROL = {code: f"\\x{code:02x}" for code in (*range(32), 127)} | {10: "\\n", 13: "\\r", 9: "\\t"}
_EXTRA = "fields"


def configure(level: str, form: str = TEXT, secrets: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """Let all loggers of this process write lines of one form to one stream.

    Args:
        level: the least level that is written.
        form: `text` or `json`.
        secrets: what must never be written.
        stream: where to; standard error by default.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Lines(form, secrets, words=level == "DEBUG"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for names, least in ((QUIET, logging.WARNING), (QUIETER, logging.ERROR)):
        for name in names:
            logging.getLogger(name).setLevel(logging.NOTSET if level == "DEBUG" else least)
    for name in TAKEN_OVER:
        taken = logging.getLogger(name)
        taken.handlers.clear()
        taken.propagate = True


def secrets_of(settings: object) -> Iterator[str]:
    """The secrets in settings: fields named so, and passwords in addresses, however deep."""
    if isinstance(settings, Struct):
        for name in settings.__struct_fields__:
            value: object = getattr(settings, name)
            if isinstance(value, str) and name.endswith(_SECRET_FIELDS):
                yield value
            elif isinstance(value, str) and name.endswith(_ADDRESS_FIELDS):
                yield from _passwords(value)
            else:
                yield from secrets_of(value)
    elif isinstance(settings, (tuple, list)):
        for one in settings:  # pyright: ignore[reportUnknownVariableType] -- any sequence, looked into one by one
            yield from secrets_of(one)  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(settings, dict):
        for one in settings.values():  # pyright: ignore[reportUnknownVariableType]
            yield from secrets_of(one)  # pyright: ignore[reportUnknownArgumentType]


def _passwords(address: str) -> Iterator[str]:
    try:
        password = urlsplit(address).password
    except ValueError:
        return
    if password:
        yield password
        yield unquote(password)


def fields(**values: object) -> dict[str, dict[str, object]]:
    """What a JSON line shows beside the message: `_log.info("…", extra=fields(status=200))`."""
    return {_EXTRA: values}


class Lines(logging.Formatter):
    """Writes a record as one line: for people, or as a JSON object."""

    def __init__(self, form: str, secrets: Iterable[str] = (), *, words: bool = False) -> None:
        """Make the formatter.

        Args:
            form: `text` or `json`.
            secrets: what is struck out.
            words: whether the words of exceptions are shown, which may quote what users wrote.
        """
        super().__init__()
        self._json = form == JSON
        # The longest first: one may be a part of another.
        self._secrets = sorted({one for one in secrets if len(one) >= LEAST_SECRET}, key=len, reverse=True)
        self._words = words

    def format(self, record: logging.LogRecord) -> str:
        """The line, without a line feed at its end."""
        line = self._as_json(record) if self._json else self._as_text(record)
        for secret in self._secrets:
            line = line.replace(secret, STRUCK_OUT)
        return line

    def _as_text(self, record: logging.LogRecord) -> str:
        names = _names(record)
        about = f" [{' '.join(f'{name}={value}' for name, value in names.items())}]" if names else ""
        line = f"{_moment(record)} {record.levelname} {record.name}{about}: {self._message(record)}"
        trace = self._trace(record)
        return "\n  ".join((line.translate(_CONTROL), *(one.translate(_CONTROL) for one in trace)))

    def _as_json(self, record: logging.LogRecord) -> str:
        shown: dict[str, object] = {
            "time": _moment(record),
            "level": record.levelname,
            "logger": record.name,
            "message": self._message(record),
            **_names(record),
            **getattr(record, _EXTRA, {}),
        }
        trace = self._trace(record)
        if trace:
            shown["exception"] = trace
        return msgspec.json.encode(shown, enc_hook=str).decode()

    def _message(self, record: logging.LogRecord) -> str:
        message = record.getMessage()
        # What asyncio appends to its first line shows whole tasks, with the words of what they raised.
        return message.partition("\n")[0] if record.name == "asyncio" and not self._words else message

    def _trace(self, record: logging.LogRecord) -> Sequence[str]:
        fault = record.exc_info[1] if record.exc_info else None
        if fault is None:
            return ()
        if self._words:
            return self.formatException((type(fault), fault, fault.__traceback__)).splitlines()
        return [line for one in _chain(fault) for line in (_kind(one), *_places(one.__traceback__))]


def _moment(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _names(record: logging.LogRecord) -> dict[str, str]:
    scene = current()
    return scene.named() if scene is not None else {}


def _chain(fault: BaseException) -> Iterator[BaseException]:
    """A fault and what led to it, the last one first; each once."""
    seen: set[int] = set()
    following: BaseException | None = fault
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield following
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)


def _kind(fault: BaseException) -> str:
    kind = type(fault)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _places(trace: TracebackType | None) -> list[str]:
    places: list[str] = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"  at {code.co_filename}:{trace.tb_lineno} in {code.co_qualname}")
        trace = trace.tb_next
    return places[-FRAMES:]
