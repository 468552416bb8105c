"""What is in the logs, and above all what is not."""

import io
import json
import logging
from collections.abc import Generator

import pytest

from app.settings import load
from app.telemetry import logs
from app.telemetry.scene import Scene, opened
from tests.telemetry.conftest import ADDRESS_PASSWORD, CANARY, SECRETS, WORKSPACE, WRONG_KEY, Watched

Line = dict[str, object]


def lines_of(text: str) -> list[Line]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_no_line_holds_what_users_or_models_said_or_any_secret(watched: Watched) -> None:
    assert "garbled" in watched.logs, "the failures are not in the log at all"
    leaks = [line for line in watched.logs.splitlines() if CANARY in line]
    assert leaks == []


def test_no_answer_holds_a_secret(watched: Watched) -> None:
    for secret in (*SECRETS.values(), WRONG_KEY):
        assert not [answer for answer in watched.answers if secret in answer]
    # The address of a webhook is the caller's own, and is shown to the caller alone.
    assert [answer for answer in watched.answers if ADDRESS_PASSWORD in answer and "/hook" not in answer] == []


def test_a_request_is_one_line_with_its_route_status_time_and_ids(watched: Watched) -> None:
    access = [line for line in lines_of(watched.api_log.read_text()) if line["logger"] == "app.access"]
    assert watched.request_ids["said"] == "a.caller-1"
    (said,) = [line for line in access if line.get("request_id") == "a.caller-1"]
    assert said["route"] == "/v3/workspaces/{workspace_id}/sessions/{session_id}/messages"
    assert (said["method"], said["status"], said["level"], said["workspace_id"]) == ("POST", 201, "INFO", WORKSPACE)
    assert isinstance(said["ms"], float)
    for what, status in (("wrong key", 401), ("bad body", 422), ("unknown", 404), ("chat refused", 500)):
        (line,) = [line for line in access if line.get("request_id") == watched.request_ids[what]]
        assert line["status"] == status


def test_an_id_that_could_be_meant_for_the_log_is_not_taken_over(watched: Watched) -> None:
    assert len(watched.request_ids["wrong key"]) <= 64


def test_a_unit_of_work_is_one_line_with_its_key_outcome_attempt_and_time(watched: Watched) -> None:
    units = [line for line in lines_of(watched.workers_log.read_text()) if line["logger"] == "workers.observing"]
    (fine,) = [line for line in units if line.get("work_id") == f"reasoning/{WORKSPACE}/s/fine"]
    assert (fine["kind"], fine["outcome"], fine["attempt"], fine["workspace_id"]) == ("reasoning", "done", 1, WORKSPACE)
    assert {line["outcome"] for line in units if str(line.get("work_id")).endswith(("garbled", "refused"))} == {"dead"}


def test_every_line_of_ours_is_an_object_with_time_level_logger_and_message(watched: Watched) -> None:
    for log in (watched.api_log, watched.workers_log):
        lines = lines_of(log.read_text())
        assert lines
        assert all({"time", "level", "logger", "message"} <= line.keys() for line in lines)


@pytest.fixture
def written() -> Generator[io.StringIO]:
    """The stream that all loggers write to, with a secret to strike out; afterwards all is as it was."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    logs.configure("INFO", "json", ["a long secret"], stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


def failing() -> BaseException:
    try:
        try:
            raise KeyError("CANARY one")
        except KeyError as fault:
            raise ValueError("CANARY two") from fault
    except ValueError as fault:
        return fault


def test_of_an_exception_only_kinds_and_places_are_shown(written: io.StringIO) -> None:
    logging.getLogger("any").error("it failed", exc_info=failing())
    (line,) = lines_of(written.getvalue())
    shown = json.dumps(line)
    assert "CANARY" not in shown
    assert "ValueError" in shown
    assert "KeyError" in shown
    assert "in failing" in shown


def test_at_debug_the_words_are_shown_too() -> None:
    record = logging.LogRecord("any", logging.ERROR, "", 1, "it failed", None, (ValueError, failing(), None))
    assert "CANARY two" in logs.Lines("text", words=True).format(record)


def test_a_known_secret_is_struck_out_wherever_it_stands(written: io.StringIO) -> None:
    logging.getLogger("any").warning("it is %s, really", "a long secret")
    assert lines_of(written.getvalue())[0]["message"] == "it is ***, really"


def test_libraries_that_log_addresses_are_kept_quiet(written: io.StringIO) -> None:
    for name in ("httpx", "httpx2", "httpcore", "openai"):
        logging.getLogger(name).info("HTTP Request: POST http://user:pass@host/?q=CANARY")
    logging.getLogger("asyncio").error("Task exception was never retrieved\nfuture: <Task KeyError('CANARY')>")
    assert [line["message"] for line in lines_of(written.getvalue())] == ["Task exception was never retrieved"]


def test_a_line_for_people_stays_one_line_whatever_is_in_it() -> None:
    record = logging.LogRecord("any", logging.INFO, "", 1, "a\n2026 INFO forged\x1b[31m", None, None)
    with opened(Scene(request_id="r1", work_id="k", workspace=lambda: "w")):
        line = logs.Lines("text").format(record)
    assert line.endswith(r"INFO any [request_id=r1 work_id=k workspace_id=w]: a\n2026 INFO forged\x1b[31m")


def test_the_secrets_of_the_settings_are_found_however_deep() -> None:
    settings = load(
        {
            "NEO4J_PASSWORD": "secret-1",
            "REDIS_URL": "redis://:secret%2D2@host:1/0",
            "OPENAI_API_KEY": "secret-3",
            "OPENAI_BASE_URL": "http://user:secret-4@host/v1",
            "DOXA_LLM_MODEL": "m",
            "AUTH_JWT_SECRET": "secret-5" * 4,
            "WEBHOOK_SECRET": "secret-6",
        }
    )
    found = set(logs.secrets_of(settings))
    assert found >= {"secret-1", "secret-2", "secret%2D2", "secret-3", "secret-4", "secret-5" * 4, "secret-6"}
