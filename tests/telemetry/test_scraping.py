"""What API and workers count, and that nobody who calls can make it grow."""

import httpx
import pytest
from msgspec import Struct
from prometheus_client.parser import text_string_to_metric_families

from app.metrics import KINDS, OTHER, OUTCOMES, Metrics
from app.settings import Price
from tests.telemetry.conftest import CANARY, MODEL, PEERS, WORKSPACE, Watched

LABELS = {"namespace", "method", "endpoint", "status_code", "status", "reasoning_level", "outcome", "kind", "state"} | {
    "model", "purpose", "token_type", "use", "query", "le",
}  # fmt: skip


class Sample(Struct, frozen=True):
    """One number, as Prometheus takes it in."""

    name: str
    labels: dict[str, str]
    value: float


@pytest.fixture(scope="module")
def scraped(watched: Watched) -> dict[str, list[Sample]]:
    """The samples of the API's and of the workers' process."""
    found: dict[str, list[Sample]] = {}
    for part, url in (("api", watched.api_metrics), ("workers", watched.workers_metrics)):
        text = httpx.get(url, timeout=30).text
        families = text_string_to_metric_families(text)
        found[part] = [Sample(one.name, one.labels, one.value) for family in families for one in family.samples]
    return found


def total(samples: list[Sample], name: str, **labels: str) -> float:
    return sum(one.value for one in samples if one.name == name and labels.items() <= one.labels.items())


def test_the_api_counts_what_it_answers_asks_and_sends(scraped: dict[str, list[Sample]]) -> None:
    api = scraped["api"]
    assert total(api, "api_requests_total", status_code="401") == 1
    assert total(api, "doxa_model_calls_total", model=MODEL, purpose="dialectic", outcome="answered") >= 1
    assert total(api, "doxa_model_calls_total", model=MODEL, purpose="dialectic", outcome="permanent") >= 1
    assert total(api, "dialectic_tokens_processed_total", token_type="input") >= 100
    assert total(api, "doxa_wake_ups_total", outcome="sent") >= len(PEERS)
    assert total(api, "doxa_query_seconds_count", query="messages/append") == 1
    assert total(api, "doxa_embedding_seconds_count", use="query", outcome="done") >= 1


def test_the_workers_count_how_work_ends_and_what_it_costs(scraped: dict[str, list[Sample]]) -> None:
    workers = scraped["workers"]
    assert total(workers, "doxa_work_outcomes_total", kind="reasoning", outcome="done") == 1
    assert total(workers, "doxa_work_outcomes_total", kind="reasoning", outcome="dead") == 2
    assert total(workers, "doxa_work_outcomes_total", kind="webhook", outcome="dead") >= 1
    assert total(workers, "deriver_queue_items_processed_total", kind="reasoning") == 1
    answered = total(workers, "doxa_model_tokens_total", purpose="reasoning", token_type="output")
    asked = total(workers, "doxa_model_tokens_total", purpose="reasoning", token_type="input")
    assert asked >= 100
    assert total(workers, "deriver_tokens_processed_total", token_type="input") == asked
    assert total(workers, "doxa_model_cost_total", purpose="reasoning") == pytest.approx((asked + 5 * answered) / 1000)
    assert total(workers, "doxa_query_seconds_count", query="work/lease") >= len(PEERS)


def test_the_api_says_how_much_work_waits(scraped: dict[str, list[Sample]]) -> None:
    api = scraped["api"]
    assert total(api, "doxa_queue_readable") == 1
    assert total(api, "doxa_queue_units", kind="reasoning", state="dead") >= 2
    states = {(one.labels["kind"], one.labels["state"]) for one in api if one.name == "doxa_queue_units"}
    assert states == {(kind, state) for kind in (*KINDS, OTHER) for state in ("waiting", "later", "leased", "dead")}


def test_the_families_of_the_wire_contract_are_there(scraped: dict[str, list[Sample]]) -> None:
    names = {one.name.removesuffix("_total") for one in scraped["api"] if "namespace" in one.labels}
    assert names >= {
        "api_requests", "api_request_duration_seconds_count", "messages_created", "dialectic_calls",
        "deriver_queue_items_processed", "deriver_tokens_processed", "dialectic_tokens_processed",
        "dreamer_tokens_processed", "message_embeddings_pending", "embed_now_tasks_shed", "embed_now_tasks_in_flight",
        "db_pool_connections",
    }  # fmt: skip


def test_no_label_names_a_workspace_a_key_or_what_was_said(scraped: dict[str, list[Sample]]) -> None:
    for sample in (*scraped["api"], *scraped["workers"]):
        assert sample.labels.keys() <= LABELS, sample
        for value in sample.labels.values():
            assert WORKSPACE not in value
            assert CANARY not in value
            assert value not in PEERS


def test_what_comes_from_outside_makes_no_new_labels() -> None:
    metrics = Metrics("t", {"m": Price(prompt=1, completion=2)})
    before = metrics.text().count(b"\n")
    for number in range(50):
        metrics.unit_ended(f"kind-{number}", "done", 0.1)
        metrics.batch_done(f"kind-{number}")
        metrics.model_tokens("m", f"purpose-{number}", 1, 1)
        metrics.request_answered(f"VERB{number}", "unknown", 404, 0.1)
    once = metrics.text().count(b"\n")
    for number in range(50, 100):
        metrics.unit_ended(f"kind-{number}", "done", 0.1)
        metrics.batch_done(f"kind-{number}")
        metrics.model_tokens("m", f"purpose-{number}", 1, 1)
        metrics.request_answered(f"VERB{number}", "unknown", 404, 0.1)
    assert before < once == metrics.text().count(b"\n")
    assert len(OUTCOMES) == len(set(OUTCOMES))
