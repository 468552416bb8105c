"""Every kind of failure becomes the answer that clients understand."""

import logging

import pytest
from litestar import Litestar, get
from litestar.exceptions import HTTPException, NotAuthorizedException
from litestar.testing import TestClient

from app.api.errors import HANDLERS, NotReady
from graph import errors

FAILURES: list[tuple[Exception, int, str]] = [
    (errors.Invalid("name must not be empty"), 422, "name must not be empty"),
    (errors.TooManyObservers("11 of 10"), 400, "11 of 10"),
    (errors.NotFound("no such peer"), 404, "no such peer"),
    (errors.Conflict("busy"), 409, "busy"),
    (NotReady("the models are being loaded"), 503, "the models are being loaded"),
    (errors.StoreUnavailable("the database is not available"), 503, "the database is not available"),
    (errors.StoreRefused("the database refused the write"), 507, "the database refused the write"),
    (NotAuthorizedException("no key"), 401, "no key"),
    (HTTPException("no such type", status_code=415), 415, "no such type"),
    (errors.QueryFault("a query of ours"), 500, "An unexpected error occurred"),
    (errors.SchemaTooNew("of another version"), 500, "An unexpected error occurred"),
    (errors.StoreFault("something"), 500, "An unexpected error occurred"),
    (HTTPException("inner detail", status_code=500), 500, "An unexpected error occurred"),
    (KeyError("a defect"), 500, "An unexpected error occurred"),
]


@pytest.mark.parametrize(("failure", "status", "sentence"), FAILURES, ids=lambda value: type(value).__name__)
def test_a_failure_is_answered_with_its_status_and_one_sentence(
    failure: Exception, status: int, sentence: str, caplog: pytest.LogCaptureFixture
) -> None:
    @get("/")
    async def fail() -> None:
        raise failure

    app = Litestar([fail], exception_handlers={**HANDLERS}, logging_config=None, openapi_config=None)
    with TestClient(app, raise_server_exceptions=False) as client, caplog.at_level(logging.ERROR, "app.api.errors"):
        answer = client.get("/")

    assert answer.status_code == status
    assert answer.json() == {"detail": sentence}
    assert answer.headers.get("retry-after") == ("1" if status == 503 else None)
    logged = [record for record in caplog.records if record.name == "app.api.errors"]
    assert len(logged) == (1 if status in {500, 507} else 0)
    assert all((record.exc_info is not None) == (status == 500) for record in logged)
