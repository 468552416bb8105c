"""What the README shows works as shown."""

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app import keys, settings
from app.engine import jars, options, ports, reaper
from app.keys import Caller
from tests.live import Live

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
SHOWN_URL = "http://127.0.0.1:8000"


def _blocks(language: str, holding: str) -> str:
    found = [code for code in re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL) if holding in code]
    assert found
    return "\n".join(found)


@pytest.mark.client
@pytest.mark.engine
def test_the_first_call_with_the_client_prints_what_is_held(live_doxa: Live) -> None:
    code = _blocks("python", "Honcho(").replace(SHOWN_URL, live_doxa.url)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "ana moved to Lisbon" in done.stdout
    assert "meat" in done.stdout


@pytest.mark.client
@pytest.mark.engine
def test_the_first_call_with_curl_finds_what_was_said(live_doxa: Live) -> None:
    code = _blocks("sh", "curl -sS").replace(SHOWN_URL, live_doxa.url)
    done = subprocess.run(["bash", "-euc", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found, _, answered = done.stdout.rpartition('{"content":')
    assert "ana has two cats" in found.rpartition("[{")[2]
    assert "two cats" in answered
    assert '"evidence"' in answered


def test_the_key_that_is_shown_reaches_what_it_names() -> None:
    code = _blocks("sh", "keys create").replace(".venv/bin/doxa", str(Path(sys.executable).with_name("doxa")))
    done = subprocess.run(
        ["bash", "-euc", f"{code}\necho $AUTH_JWT_SECRET"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    key, secret = done.stdout.split()
    assert keys.read(secret, key) == Caller(workspace_id="kitchen", peer_id="ana")


def test_every_variable_that_is_read_is_in_the_table_and_no_other() -> None:
    table = README[README.index("## Configuration") : README.index("## Where things live")]
    shown = set(re.findall(r"`([A-Z][A-Z0-9]*_[A-Z0-9_]+)`", "\n".join(row.split("|")[1] for row in _rows(table))))
    sources = [Path(module.__file__ or "").read_text() for module in (options, ports, jars)]
    engine = Path(jars.__file__ or "").parent
    folders = (engine, engine.parent / "cli", Path(settings.__file__ or "").parent)
    sources += [path.read_text() for folder in folders for path in folder.glob("*.py")]
    text = "\n".join(sources)
    read = set(
        re.findall(r"\"((?:DOXA|NEO4J|OPENAI|ANTHROPIC|REDIS|CORS|AUTH|WEBHOOK|METRICS|OTEL)_[A-Z0-9_]+)\"", text)
    )
    read |= {f"{name}_FILE" for name in re.findall(r"secret\(\"([A-Z0-9_]+)\"\)", text)}
    assert shown == read - {reaper.MARKER}


def test_defaults_in_the_table_are_those_of_the_settings() -> None:
    described = "\n".join(_rows(README))
    numbers = (
        settings.ReasoningSettings(),
        settings.ModelSettings(),
        settings.DatabaseSettings(),
        settings.WebhookSettings(),
    )
    for concern in numbers:
        source = inspect.getsource(type(concern))
        for field in concern.__struct_fields__:
            default = getattr(concern, field)
            variable = re.search(rf"    {field}: (?:int|float) = .*\n    \"\"\"`([A-Z0-9_]+)`", source)
            if variable is not None and isinstance(default, int | float):
                (row,) = [line for line in described.splitlines() if f"`{variable[1]}`" in line.split("|")[1]]
                assert row.split("|")[2].strip() == f"{default:g}", row


def _rows(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("| `")]
