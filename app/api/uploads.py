"""Files that become messages of a session."""

from datetime import UTC, datetime

import msgspec
from litestar import Controller, Response, post
from litestar.params import FromPath
from msgspec import Struct

from app.api.access import Access
from app.api.messages import Message, answer
from app.api.service import ServiceDependency
from app.api.wire.configuration import MessageConfiguration, stored
from app.api.wire.fields import Metadata
from app.api.wire.forms import read_form, with_form
from app.api.wire.queries import HttpRequest
from app.api.wire.reading import read, reader_of
from app.api.wire.repeating import read_once, with_key
from app.uploads.reading import MAX_BYTES, read_file
from graph import types
from graph.store import messages

#: The file and what comes with it.
MAX_FORM = MAX_BYTES + 1024 * 1024


class UploadForm(Struct, frozen=True, kw_only=True):
    """What comes with a file, as text: JSON, JSON, and a time in ISO 8601; what cannot be parsed counts as not sent."""

    peer_id: str
    metadata: str | None = None
    configuration: str | None = None
    created_at: str | None = None


class _Options(Struct, frozen=True, kw_only=True):
    metadata: Metadata | None = None
    configuration: MessageConfiguration | None = None


_OPTIONS = reader_of(_Options)


class UploadController(Controller):
    """Files that become messages of a session."""

    path = "/workspaces/{workspace_id:str}/sessions/{session_id:str}/messages"
    tags = ["messages"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    @post(
        "/upload",
        status_code=201,
        operation_class=with_key(with_form(UploadForm)),
        request_max_body_size=MAX_FORM,
        access=Access.SESSION,
        answers=(404, 409, 415),
    )
    async def upload(
        self,
        request: HttpRequest,
        service: ServiceDependency,
        workspace_id: FromPath[str],
        session_id: FromPath[str],
    ) -> Response[list[Message]]:
        """Store the text of a PDF, a JSON or a text file as messages of one peer, in the order of the file."""
        form, file = await read_form(request, UploadForm)
        options = _options(form)
        created_at = _moment(form.created_at)
        configuration = None if options.configuration is None else stored(options.configuration) or None
        keep = service.settings.api.idempotency_keep
        once = read_once(request, "upload", keep, session_id, form, [file.name, file.media_type], file.content)
        appended = await messages.append(
            service.database,
            workspace_id=workspace_id,
            session_id=session_id,
            messages=[
                types.NewMessage(
                    peer_id=form.peer_id,
                    content=piece.content,
                    token_count=piece.token_count,
                    metadata=options.metadata or {},
                    created_at=created_at,
                    configuration=configuration,
                )
                for piece in await read_file(service.pdf, file.media_type, file.name, file.content)
            ],
            deployment=service.deployment,
            once=once,
        )
        return answer(service, appended)


def _options(form: UploadForm) -> _Options:
    sent = {"metadata": _json(form.metadata), "configuration": _json(form.configuration)}
    options = read(_OPTIONS, sent, ("body",))
    assert isinstance(options, _Options)
    return options


def _json(text: str | None) -> object:
    """The value of a JSON text; None if it is none."""
    if not text:
        return None
    try:
        return msgspec.json.decode(text)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        # Clients rely on it that what cannot be parsed is passed over.
        return None


def _moment(text: str | None) -> datetime | None:
    """The time that a text in ISO 8601 says, in UTC where it names no zone; None if it says none."""
    try:
        moment = datetime.fromisoformat((text or "").strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
