"""Budgets of money and tokens, against a server whose journal says what was written."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from evoheur import ConfigError, discover, resume
from evoheur.archive.records import Totals
from evoheur.generation.generator import Generator, GeneratorConfig, GeneratorContext
from evoheur.request import Completion, Message, Request
from evoheur.run.budget import Awaited, Budget
from evoheur.testing.endpoint_server import Received, ScriptedEndpoint, ServerAnswer, reply
from tests.support.one_guest import ONE_GUEST

CODE = "```python\ndef choose(length, loads):\n    return -{number} * loads\n```"
PRICE = {"input": 10.0, "output": 100.0}
IN_FLIGHT = 16


def model(server: ScriptedEndpoint, problem: str, budget: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "problem": problem,
        "strategy": {"kind": "random"},
        "generator": {"kind": "openai", "model": "m", "base_url": server.base_url, **more},
        "budget": budget,
        "in_flight": IN_FLIGHT,
        "name": "r",
        "validation": {"top": 0},
        "evaluation": ONE_GUEST,
    }


def bought(server: ScriptedEndpoint) -> float:
    sent, written = server.tokens
    return (sent * PRICE["input"] + written * PRICE["output"]) / 1e6


@pytest.mark.parametrize("more", [{}, {"price": None}])
def test_money_needs_a_price(tmp_path: Path, scheduling: str, more: dict[str, Any]) -> None:
    """Refused before anything is written or spent; any other limit does without."""
    with ScriptedEndpoint([]) as server:
        with pytest.raises(ConfigError, match=r"budget\.cost_usd is 0\.01, but .*generator\.price=.*budget\.tokens"):
            discover(model(server, scheduling, {"cost_usd": 0.01}, **more), archive=tmp_path / "a.db")
        assert not server.journal
        assert not (tmp_path / "a.db").exists()


@pytest.mark.parametrize("limit", ["cost_usd", "tokens", "both"])
def test_what_is_in_flight_counts(tmp_path: Path, scheduling: str, limit: str) -> None:
    """With 16 in flight at most one reply is bought beyond the budget, and nothing less than it; books and journal agree."""

    def answer(received: Received) -> ServerAnswer:
        return reply(CODE.format(number=received.number), tokens=(100, 900), delay=0.02)

    one = 1000 if limit == "tokens" else (100 * PRICE["input"] + 900 * PRICE["output"]) / 1e6
    most = 24.5 * one
    budget = {"cost_usd": most, "tokens": 10**9} if limit == "both" else {limit: most if limit == "cost_usd" else int(most)}
    with ScriptedEndpoint(answer) as server:
        result = discover(model(server, scheduling, budget, price=PRICE), archive=tmp_path / "a.db")
        spent = sum(server.tokens) if limit == "tokens" else bought(server)
        assert result.status == "finished"
        assert len(server.journal) == 25
        assert result.spent.tokens == sum(server.tokens)
        assert result.spent.cost_usd == pytest.approx(bought(server))
    assert most <= spent <= most + one


def test_replies_of_any_length_stay_near_the_budget(tmp_path: Path, scheduling: str) -> None:
    """Lengths vary by a factor of five; without counting what is in flight it would be half as much again."""

    def answer(received: Received) -> ServerAnswer:
        return reply(CODE.format(number=received.number), tokens=(100, 200 + received.number * 7919 % 800), delay=0.02)

    with ScriptedEndpoint(answer) as server:
        result = discover(model(server, scheduling, {"tokens": 20_000}), archive=tmp_path / "a.db")
        assert result.spent.tokens == sum(server.tokens)
        assert 20_000 <= sum(server.tokens) <= 22_000


class ForgettingConfig(GeneratorConfig):
    """Named in configurations as tests.evoheur.run.test_money_budgets:ForgettingConfig."""

    kind: str = "tests.evoheur.run.test_money_budgets:ForgettingConfig"
    priced: int = 0
    """So many replies have a price."""

    def build(self, context: GeneratorContext) -> Generator:
        return Forgetting(self.priced)


class Forgetting(Generator):
    """Says that it knows what its replies cost, and then does not."""

    online = False
    knows_prices = True

    def __init__(self, priced: int) -> None:
        self._left = priced

    async def complete(self, messages: Sequence[Message], request: Request, *, seed: int) -> Completion:
        self._left -= 1
        return Completion(text=CODE.format(number=seed), model="m-2", cost_usd=0.01 if self._left >= 0 else None)

    async def close(self) -> None:
        return


def test_a_price_that_becomes_unknown_stops_the_run(tmp_path: Path, scheduling: str) -> None:
    """At once, to be resumed; without a budget of money nobody minds."""
    config = {
        "problem": scheduling,
        "strategy": {"kind": "random"},
        "generator": {"kind": ForgettingConfig().kind, "priced": 5},
        "budget": {"cost_usd": 1.0},
        "evaluation": ONE_GUEST,
        "in_flight": 1,
        "name": "r",
        "validation": {"top": 0},
    }
    stopped = discover(config, archive=tmp_path / "a.db")
    assert (stopped.status, stopped.spent.requests) == ("failed", 6)
    assert "the price of a reply is not known (the model 'm-2' has no known one)" in stopped.reason
    went_on = resume("r", {"budget.requests": 12, "budget.cost_usd": None}, archive=tmp_path / "a.db")
    assert (went_on.status, went_on.spent.requests) == ("finished", 12)


def test_replies_on_their_way_reach_a_limit() -> None:
    """By the tokens and the money that they are expected to cost, and only by these."""
    totals = Totals(requests=10, prompt_tokens=600, completion_tokens=300, cost_usd=0.5)
    assert Budget(tokens=1000).spent(totals) is None
    assert Budget(tokens=1000).spent(totals, Awaited(tokens=99.0)) is None
    assert Budget(tokens=1000).spent(totals, Awaited(tokens=100.0)) == "budget of 1000 tokens used"
    assert Budget(cost_usd=1.0).spent(totals, Awaited(tokens=1e9, cost_usd=0.49)) is None
    assert Budget(cost_usd=1.0).spent(totals, Awaited(cost_usd=0.5)) == "budget of 1 US dollars used"
    assert Budget(evaluations=10).spent(totals, Awaited(tokens=1e9, cost_usd=1e9)) is None


def test_resume_needs_a_price_too(tmp_path: Path, scheduling: str) -> None:
    with ScriptedEndpoint(lambda received: reply(CODE.format(number=received.number))) as server:
        discover(model(server, scheduling, {"requests": 2}), archive=tmp_path / "a.db")
        with pytest.raises(ConfigError, match="what the generator costs is not known"):
            resume("r", {"budget.requests": None, "budget.cost_usd": 1.0}, archive=tmp_path / "a.db")
