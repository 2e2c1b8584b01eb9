"""Stored replies are priced again."""

import pytest

from evoheur.generation.endpoint import EndpointConfig
from evoheur.generation.generator import GeneratorConfig
from evoheur.generation.model_pool import PoolConfig
from evoheur.generation.mutator import MutatorConfig
from evoheur.generation.pricing import PRICE_TABLE, PriceConfig
from evoheur.generation.repricing import repriced
from evoheur.request import Completion, Usage

USAGE = Usage(prompt_tokens=1_000_000, completion_tokens=100_000, cached_tokens=400_000)
STORED = Completion(text="", model="gpt-4o-mini-2024-07-18", usage=USAGE, cost_usd=77.0, price_source="genai-prices 0.0.1")
PRICE = PriceConfig(input=2.0, cached=0.5, output=10.0)


def test_by_the_configuration_and_its_price() -> None:
    found = repriced(STORED, EndpointConfig(model="anything", price=PRICE), {})
    assert found.cost_usd == pytest.approx(1.2 + 0.2 + 1.0)
    assert found.price_source == "configuration"


def test_by_the_present_table() -> None:
    """By the name that the server gave, or else the one that was asked for; where neither is known, the price is not."""
    found = repriced(STORED, EndpointConfig(model="gpt-4o-mini"), {})
    assert found.cost_usd is not None
    assert 0 < found.cost_usd < 1
    assert found.price_source == PRICE_TABLE
    elsewhere = repriced(STORED, EndpointConfig(model="gpt-4o-mini"), {"OPENAI_BASE_URL": "https://llm.example.org/v1"})
    assert (elsewhere.cost_usd, elsewhere.price_source) == (None, None)


def test_every_member_of_a_pool_by_its_own() -> None:
    pool = PoolConfig(members={"own": EndpointConfig(model="x", price=PRICE), "known": EndpointConfig(model="gpt-4o-mini")})
    replies = {name: Completion(text="", model=name, usage=USAGE) for name in ("own", "known", "gone")}
    found = {name: repriced(reply, pool, {}) for name, reply in replies.items()}
    assert found["own"].cost_usd == pytest.approx(2.4)
    assert found["known"].price_source == PRICE_TABLE
    assert found["gone"].cost_usd is None
    assert [reply.model for reply in found.values()] == list(found)


@pytest.mark.parametrize("config", [MutatorConfig()])
def test_what_has_no_price_gets_none(config: GeneratorConfig) -> None:
    assert repriced(STORED, config, {}).cost_usd is None
