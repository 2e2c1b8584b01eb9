"""Keys stay out of configurations, and messages do not repeat what may be one."""

from typing import Any

import pytest

from evoheur.errors import ConfigError
from evoheur.generation.key_guard import (
    SecretGiven,
    checked_variable,
    from_environment,
    refuse_literal_secrets,
    refuse_pasted_keys,
)

PASTED = [
    "sk-proj-abcdefghijklmnopqrstuvwx",
    "sk-ant-api03-abcdefghijklmnopqrst",
    "sk-or-v1-0123456789abcdef0123456789abcdef",
    "AIzaSyA0123456789abcdefghijklmnopqrstuvw",
    "gsk_0123456789abcdefghijABCDEFGHIJ",
    "hf_abcdefghijklmnopqrstuvwxyzABCDEFGH",
    "xai-0123456789abcdefghijABCDEFGHIJ",
]


@pytest.mark.parametrize("key", [*PASTED, "a key", "my-key", "", "1KEY"])
def test_what_is_no_variable_is_refused_and_not_repeated(key: str) -> None:
    with pytest.raises(SecretGiven, match="never the key itself") as caught:
        checked_variable(key)
    assert len(key) <= 8 or key not in str(caught.value)


@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "_key", "skill", "MY_VERY_LONG_NAME_OF_A_VARIABLE_FOR_KEYS"])
def test_the_name_of_a_variable_is_taken(name: str) -> None:
    assert checked_variable(name) == name


@pytest.mark.parametrize("key", PASTED)
def test_a_pasted_key_is_refused_at_any_depth(key: str) -> None:
    for value in ({"user": key}, {"metadata": {"list": ["word", {"inner": f"Bearer {key}"}]}}):
        with pytest.raises(SecretGiven) as caught:
            refuse_pasted_keys(value, "extra_body")
        assert key not in str(caught.value)


@pytest.mark.parametrize("name", ["api_key", "apiKey", "Authorization", "access_token", "key", "token", "client_secret"])
def test_what_is_called_like_a_key_is_refused(name: str) -> None:
    with pytest.raises(SecretGiven, match=f"extra_body.provider.{name} is called like a key"):
        refuse_pasted_keys({"provider": {name: "word"}}, "extra_body")


@pytest.mark.parametrize(
    "value",
    [
        {"top_k": 40, "min_p": 0.05},
        {"provider": {"order": ["a", "b"], "allow_fallbacks": False}},
        {"max_completion_tokens": 4096, "stop": ["```"]},
        {"chat_template_kwargs": {"enable_thinking": False}},
        {"model": "sk-short", "keys": ["one"], "tokenizer": "skein"},
    ],
)
def test_other_fields_are_none_of_our_business(value: dict[str, Any]) -> None:
    refuse_pasted_keys(value, "extra_body")


@pytest.mark.parametrize(
    "values", [{"api-key": "0123"}, {"Authorization": "Bearer 0123"}, {"X-API-Key": "word"}, {"X-Thing": PASTED[0]}], ids=str
)
def test_a_header_with_a_key_in_it_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(SecretGiven, match=r"\$MY_KEY"):
        refuse_literal_secrets(values, "headers")


def test_a_header_that_names_a_variable_is_filled() -> None:
    values = {"api-key": "$AZURE_KEY", "Authorization": "Bearer ${TOKEN}", "X-Title": "costs 5 $"}
    refuse_literal_secrets(values, "headers")
    filled, secrets = from_environment(values, {"AZURE_KEY": "hush", "TOKEN": "quiet\n"}, "headers")
    assert filled == {"api-key": "hush", "Authorization": "Bearer quiet", "X-Title": "costs 5 $"}
    assert secrets == ["hush", "quiet"]


def test_a_variable_that_is_not_set_is_named() -> None:
    with pytest.raises(ConfigError, match=r"AZURE_KEY is not set, and generator\.headers\.api-key asks for it"):
        from_environment({"api-key": "$AZURE_KEY"}, {}, "headers")
    with pytest.raises(ConfigError, match="cannot be sent"):
        from_environment({"api-key": "$AZURE_KEY"}, {"AZURE_KEY": "a\u00e4"}, "headers")
