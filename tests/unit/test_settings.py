"""Settings come from the environment, typed; what breaks a rule is named with the rule."""

from pathlib import Path

import pytest

from app.chat.prompts import read as chat_prompt
from app.settings import Settings, SettingsFault, load
from workers.prompts import read


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
        ({"DOXA_LLM_CHAT_MODEL": "m"}, "DOXA_LLM_CHAT_MODEL needs OPENAI_API_KEY or OPENAI_BASE_URL"),
        ({"DOXA_LLM_PROVIDER": "other"}, "DOXA_LLM_PROVIDER must be openai or anthropic"),
        ({"DOXA_LLM_TEMPERATURE": "3"}, "DOXA_LLM_TEMPERATURE must be a number from 0 to 2"),
        ({"DOXA_LLM_PRICES": "m=1"}, "DOXA_LLM_PRICES must be model=prompt/completion"),
        ({"DOXA_PROMPTS_DIR": "/no/such/folder"}, "DOXA_PROMPTS_DIR must be a folder"),
        ({"DOXA_MODEL_CIRCUIT_SECONDS": "9", "DOXA_MODEL_CIRCUIT_LONGEST_SECONDS": "8"}, "must be at least"),
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


def test_a_step_may_have_a_model_and_limits_of_its_own() -> None:
    settings = load(
        {
            "OPENAI_API_KEY": "k",
            "DOXA_LLM_MODEL": "m",
            "DOXA_LLM_CHAT_MODEL": "c",
            "DOXA_LLM_CHAT_TEMPERATURE": "0.7",
            "DOXA_LLM_CHAT_MAX_OUTPUT_TOKENS": "50",
            "DOXA_LLM_DREAM_BASE_URL": "http://127.0.0.1:1/v1",
            "DOXA_LLM_SUMMARY_PROVIDER": "anthropic",
            "ANTHROPIC_API_KEY": "a",
            "DOXA_LLM_PRICES": "m=0.5/2, org/c:latest=1/4",
        }
    )
    chat, dream, summary = settings.model_of("chat"), settings.model_of("dream"), settings.model_of("summary")
    assert settings.model_of("reasoning") == settings.llm
    assert (chat.model, chat.temperature, chat.max_output_tokens, chat.api_key) == ("c", 0.7, 50, "k")
    assert (dream.model, dream.base_url, dream.api_key) == ("m", "http://127.0.0.1:1/v1", None)
    assert (summary.provider, summary.api_key, summary.base_url) == ("anthropic", "a", None)
    assert {name: (price.prompt, price.completion) for name, price in settings.llm.prices.items()} == {
        "m": (0.5, 2),
        "org/c:latest": (1, 4),
    }


def test_a_model_of_one_step_leaves_the_others_to_the_rules() -> None:
    settings = load({"OPENAI_API_KEY": "k", "DOXA_LLM_CHAT_MODEL": "c"})
    assert settings.model_of("chat").enabled
    assert not settings.model_of("reasoning").enabled


def test_a_prompt_is_replaced_by_a_file_of_the_same_name(tmp_path: Path) -> None:
    (tmp_path / "extract.md").write_text("Note down what is said.", encoding="utf-8")
    folder = load({"DOXA_PROMPTS_DIR": str(tmp_path)}).prompts
    assert read("extract", folder).text == "Note down what is said."
    assert read("extract", folder).sha256 != read("extract").sha256
    assert chat_prompt("rules", folder) == chat_prompt("rules")
