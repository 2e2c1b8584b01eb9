"""Libraries log without keys."""

import logging

import pytest

from evoheur.generation.masked_logs import mask_in_logs, spellings


def test_secrets_are_masked_in_every_spelling(caplog: pytest.LogCaptureFixture) -> None:
    """As they are and as an address has them, in arguments too; also where one is part of another, and whichever generator came first."""
    mask_in_logs(["hush/one+a", ""])
    mask_in_logs(["hush/one+a and more"])
    with caplog.at_level(logging.DEBUG):
        for name in ("httpx2", "openai._base_client"):
            logging.getLogger(name).info("POST http://here/v1?code=%s", "hush%2Fone%2Ba")
            logging.getLogger(name).debug("headers {'x': 'hush/one+a and more'}")
    assert caplog.messages == ["POST http://here/v1?code=[key]", "headers {'x': '[key]'}"] * 2


def test_what_holds_no_key_stays_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    """Nor does a word that a local server takes for a key change every line that has it."""
    mask_in_logs(["hush-hush", "of"])
    with caplog.at_level(logging.INFO):
        logging.getLogger("httpx2").info("%d of %d", 3, 4)
    assert caplog.records[-1].args == (3, 4)
    assert caplog.messages[-1] == "3 of 4"


def test_the_longest_spelling_comes_first() -> None:
    assert spellings(["a b", "a b c", ""]) == ["a%20b%20c", "a b c", "a%20b", "a+b+c", "a b", "a+b"]
