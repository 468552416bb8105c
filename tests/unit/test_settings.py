"""Settings come from the environment, typed; what breaks a rule is named with the rule."""

from pathlib import Path

import pytest

from app.settings import Settings, SettingsFault, load


def test_nothing_set_gives_the_local_defaults_and_the_built_in_models() -> None:
    settings = load({})
    assert settings == Settings(home=Path("~/.doxa").expanduser())
    assert not settings.llm.enabled
    assert not settings.embedding.remote


def test_a_key_alone_does_not_send_words_to_a_remote_model() -> None:
    assert not load({"OPENAI_API_KEY": "k"}).llm.enabled
    assert load({"OPENAI_API_KEY": "k", "DOXA_LLM_MODEL": "m"}).llm.enabled
    assert load({"OPENAI_BASE_URL": "http://127.0.0.1:1", "DOXA_LLM_MODEL": "m"}).llm.enabled


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"NEO4J_URI": "http://x"}, "NEO4J_URI must start with"),
        ({"REDIS_URL": "x"}, "REDIS_URL must start with"),
        ({"DOXA_API_PORT": "99999"}, "DOXA_API_PORT must be a whole number from 0 to 65535"),
        ({"DOXA_API_PORT": "eighty"}, "DOXA_API_PORT must be a whole number"),
        ({"DOXA_WORKER_THREADS": "1.5"}, "DOXA_WORKER_THREADS must be a whole number"),
        ({"DOXA_SWEEP_SECONDS": "nan"}, "DOXA_SWEEP_SECONDS must be a number of seconds"),
        ({"DOXA_REASONING_ENABLED": "maybe"}, "DOXA_REASONING_ENABLED must be true or false"),
        ({"DOXA_LOG_LEVEL": "loud"}, "DOXA_LOG_LEVEL must be"),
        ({"DOXA_LLM_MODEL": "m"}, "DOXA_LLM_MODEL needs OPENAI_API_KEY or OPENAI_BASE_URL"),
        ({"DOXA_EMBEDDING_MODEL": "remote"}, "DOXA_EMBEDDING_DIMENSIONS is required"),
        ({"DOXA_EMBEDDING_MODEL": "remote", "DOXA_EMBEDDING_DIMENSIONS": "8"}, "give DOXA_EMBEDDING_BASE_URL or"),
        ({"DOXA_EMBEDDING_BASE_URL": "http://127.0.0.1:1"}, "DOXA_EMBEDDING_BASE_URL needs DOXA_EMBEDDING_MODEL"),
        ({"NEO4J_PASSWORD_FILE": "/no/such/file"}, "NEO4J_PASSWORD_FILE cannot be read"),
    ],
)
def test_a_value_that_breaks_its_rule_is_named(environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingsFault, match=sentence):
        load(environment)


def test_a_password_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("secret\n")
    assert load({"NEO4J_PASSWORD_FILE": str(file)}).database.password == "secret"
