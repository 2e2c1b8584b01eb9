"""What a fault is about: one prompt, all of them, or a time that passes."""

import pytest

from evoheur.errors import GenerationError, GeneratorRefused
from evoheur.generation.api_faults import Fault, Remedy, fault_of_error_object
from evoheur.testing.endpoint_server import reply, status
from tests.evoheur.generation.support.asking import ask


@pytest.mark.parametrize(
    "words",
    [
        "Your request was flagged by our moderation system",
        "The prompt violates our usage policies",
        "Content policy violation",
        "Blocked by content filter",
        "Input rejected for safety reasons",
    ],
)
def test_a_prompt_that_moderation_refuses_is_given_up_alone(words: str) -> None:
    told = ask([status(403, words), reply("never")])
    assert isinstance(told.error, GenerationError)
    assert (told.error.reason, told.error.attempts) == ("moderated", 1)
    assert words in str(told.error)


@pytest.mark.parametrize("words", ["Country not supported", "Project has no access to this model", "Invalid API key"])
def test_another_403_is_about_everything(words: str) -> None:
    assert isinstance(ask([status(403, words), reply("never")]).error, GeneratorRefused)


@pytest.mark.parametrize(
    ("words", "headers", "seconds"),
    [
        ("Rate limit reached for m on requests per day (RPD): Limit 200. Please try again in 7m12s.", {}, 432.0),
        ("free-models-per-day", {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1767607500000"}, 300.0),
        ("You exceeded your daily quota", {"Retry-After": "18000"}, 18000.0),
        ("tokens per day (TPD) exceeded", {}, None),
    ],
)
def test_a_daily_quota_says_when_it_is_renewed(words: str, headers: dict[str, str], seconds: float | None) -> None:
    """In the header, in what remains, or in words; and the run stops at once if that is too late, saying when."""
    date = {"Date": "Mon, 05 Jan 2026 10:00:00 GMT"}
    told = ask(lambda _received: status(429, words, headers=headers | date), outage_minutes=2)
    assert isinstance(told.error, GeneratorRefused)
    news = told.time.outages[0]
    if seconds is None:
        assert news.renewed_at is None
        assert "often at midnight" in str(told.error)
    else:
        assert news.renewed_at == pytest.approx(news.since + seconds, abs=1)
        assert len(told.server.journal) == 1
        assert "when the quota is renewed" in str(told.error)


def test_money_that_is_used_up_is_no_quota_that_is_renewed() -> None:
    told = ask([status(429, "You exceeded your current quota", error_code="insufficient_quota"), reply("never")])
    assert isinstance(told.error, GeneratorRefused)
    assert told.time.outages == []


def test_what_began_to_answer_is_not_down() -> None:
    assert Fault(reason="timeout", message="").may_be_outage
    assert not Fault(reason="timeout", message="", answer_began=True).may_be_outage
    assert not Fault(reason="bad-reply", message="").may_be_outage
    assert not Fault(reason="server-error", message="", remedy=Remedy.GIVE_UP).may_be_outage
    assert fault_of_error_object({"code": 503, "message": "overloaded"}).may_be_outage
