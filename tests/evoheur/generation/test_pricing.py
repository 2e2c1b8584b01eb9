"""What replies cost, where that is known."""

from dataclasses import replace

import pytest

from evoheur.generation.pricing import PriceConfig, is_loopback, price_usd
from evoheur.request import Usage

OPENAI = "https://api.openai.com/v1"
MILLION = Usage(prompt_tokens=1_000_000, completion_tokens=1_000_000)


def test_known_model() -> None:
    """A model of a provider in the table has a price that is proportional to its tokens (this one has no tiers)."""
    price = price_usd(MILLION, base_url=OPENAI, models=("gpt-4o-mini",))
    tenth = price_usd(Usage(prompt_tokens=100_000, completion_tokens=100_000), base_url=OPENAI, models=("gpt-4o-mini",))
    assert price is not None
    assert price > 0
    assert tenth == pytest.approx(price / 10)


def test_cached_tokens_are_cheaper() -> None:
    """Tokens that the server read from its cache cost less; more of them than were sent count as all."""
    plain = price_usd(MILLION, base_url=OPENAI, models=("gpt-4o-mini",))
    cached = price_usd(replace(MILLION, cached_tokens=1_000_000), base_url=OPENAI, models=("gpt-4o-mini",))
    absurd = price_usd(replace(MILLION, cached_tokens=2_000_000), base_url=OPENAI, models=("gpt-4o-mini",))
    assert plain is not None
    assert cached is not None
    assert cached < plain
    assert absurd == cached


def test_estimated_tokens_are_priced() -> None:
    """Unpriced, what a server does not count would be left out of a budget of money."""
    estimate = replace(MILLION, estimated=True)
    told, guessed = (price_usd(usage, base_url=OPENAI, models=("gpt-4o-mini",)) for usage in (MILLION, estimate))
    assert guessed == told is not None


def test_the_first_known_name_counts() -> None:
    """Servers answer with names of their own; the name that was asked for is tried then."""
    asked = price_usd(MILLION, base_url=OPENAI, models=("gpt-4o-mini",))
    assert price_usd(MILLION, base_url=OPENAI, models=("our-deployment-7", "gpt-4o-mini")) == asked


@pytest.mark.parametrize(
    ("usage", "base_url", "model"),
    [
        (MILLION, OPENAI, "no-such-model"),
        (MILLION, "https://llm.example.org/v1", "gpt-4o-mini"),
        (MILLION, "http://localhost:8000/v1", "gpt-4o-mini"),
    ],
    ids=["model", "provider", "this machine"],
)
def test_unknown_is_not_free(usage: Usage, base_url: str, model: str) -> None:
    """Where model or provider is not known, the price is None, never 0."""
    assert price_usd(usage, base_url=base_url, models=(model,)) is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://localhost:8000/v1", True),
        ("http://LOCALHOST/v1", True),
        ("http://model.localhost/v1", True),
        ("http://127.0.0.1:11434/v1", True),
        ("http://127.8.9.1/v1", True),
        ("http://[::1]:8000/v1", True),
        ("http://10.0.0.3/v1", False),
        ("https://localhost.example.org/v1", False),
        ("https://api.openai.com/v1", False),
        ("nonsense", False),
    ],
)
def test_is_loopback(url: str, expected: bool) -> None:
    """Only names and addresses that cannot leave this machine count."""
    assert is_loopback(url) is expected


def test_a_price_of_ones_own() -> None:
    """In dollars for a million tokens; cached ones cost what is said of them, else what others do; estimated ones are priced too."""
    price = PriceConfig(input=2.0, cached=0.5, output=10.0)
    assert price.usd(MILLION) == pytest.approx(12.0)
    assert price.usd(replace(MILLION, cached_tokens=400_000)) == pytest.approx(1.2 + 0.2 + 10.0)
    assert price.usd(replace(MILLION, cached_tokens=9_000_000)) == pytest.approx(10.5)
    assert PriceConfig(input=2.0, output=10.0).usd(replace(MILLION, cached_tokens=400_000)) == pytest.approx(12.0)
    assert price.usd(Usage(prompt_tokens=10, completion_tokens=10, estimated=True)) == pytest.approx(0.00012)
    assert PriceConfig(input=0, output=0).usd(MILLION) == 0.0
