"""The exceptions of the published Python client: what the service refuses arrives as the class for it."""

# pyright: reportMissingTypeStubs=false

from typing import Any

import honcho
import pytest
from honcho import (
    APIError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    Honcho,
    HonchoError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
    UnprocessableEntityError,
)

from graph.ids import new_id
from tests.clients.python.told import member
from tests.live import Live

#: What the service does not answer in a run as it should be, and why; keys are tried in `test_keys.py`.
NOT_RAISED = {
    AuthenticationError: "the service here asks nobody for a key",
    PermissionDeniedError: "whoever may not is answered 401, never 403",
    RateLimitError: "the service counts nobody's calls",
    ServerError: "an error of the service, or 503 while its database is away",
}


@pytest.mark.client
@pytest.mark.engine
@pytest.mark.parametrize("asynchronous", [False, True], ids=["plain", "aio"])
async def test_what_is_refused_says_why(live_doxa: Live, asynchronous: bool) -> None:
    client = Honcho(base_url=live_doxa.url, workspace_id=f"errors-{new_id()}", max_retries=0)
    session = await client.aio.session("s")

    async def refusal(method: str, *arguments: object, of: Any = client, **named: object) -> APIError:
        with pytest.raises(APIError) as caught:
            if asynchronous:
                await getattr(of.aio, method)(*arguments, **named)
            else:
                getattr(of, method)(*arguments, **named)
        assert isinstance(caught.value, HonchoError)
        return caught.value

    many = [(f"w{n}", member(observe_others=True)) for n in range(11)]
    too_many = await refusal("add_peers", many, of=session)
    assert (type(too_many), too_many.status) == (BadRequestError, 400)
    missing = await refusal("get_message", "none", of=session)
    assert (type(missing), missing.status) == (NotFoundError, 404)
    busy = await refusal("delete_workspace", client.workspace_id)
    assert (type(busy), busy.status) == (ConflictError, 409)
    wrong = await refusal("peers", filters={"nonsense": 1})
    assert (type(wrong), wrong.status, "nonsense" in wrong.message) == (UnprocessableEntityError, 422, True)
    wide = await refusal("set_metadata", {f"k{n}": n for n in range(101)})
    assert (type(wide), wide.status) == (UnprocessableEntityError, 422)
    assert "metadata" in str(wide.body)


@pytest.mark.client
@pytest.mark.engine
async def test_what_cannot_be_reached_is_told_apart_from_what_is_slow(live_doxa: Live) -> None:
    nowhere = Honcho(base_url="http://127.0.0.1:1", workspace_id="x", max_retries=0)
    with pytest.raises(honcho.ConnectionError):
        nowhere.peer("ana")
    with pytest.raises(honcho.ConnectionError):
        await nowhere.aio.peer("ana")
    hasty = Honcho(base_url=live_doxa.url, workspace_id="x", max_retries=0, timeout=0.0001)
    with pytest.raises(honcho.TimeoutError):
        hasty.peer("ana")
    with pytest.raises(honcho.TimeoutError):
        await hasty.aio.peer("ana")


def test_every_exception_is_raised_here_or_has_its_reason() -> None:
    exported = {getattr(honcho, name) for name in honcho.__all__}
    all_of_them = {each for each in exported if isinstance(each, type) and issubclass(each, BaseException)}
    raised = {BadRequestError, NotFoundError, ConflictError, UnprocessableEntityError}
    roots = {HonchoError, APIError}
    assert all_of_them == raised | roots | {honcho.ConnectionError, honcho.TimeoutError} | set(NOT_RAISED)
