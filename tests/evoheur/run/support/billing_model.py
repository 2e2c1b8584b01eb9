"""A model behind HTTP that bills by length, and a run's spending beside its estimates.

Its heuristics are of any length, and grow as a run goes on; some replies hold none, raise, or repeat an earlier one. Where no heuristic is
asked for, it writes prose. Tokens are characters over a number that is not the one that evoheur assumes.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evoheur import discover
from evoheur.api.rehearsal import rehearse
from evoheur.run.events import Event, SpendingEstimated
from evoheur.run.spending_forecast import SpendingForecast
from evoheur.testing.endpoint_server import Received, ScriptedEndpoint, ServerAnswer, reply

__all__ = ["METHODS", "PRICE", "BillingModel", "Course", "Estimates", "spend_and_estimate"]

PRICE = {"input": 1.0, "cached": 0.1, "output": 8.0}
METHODS: Mapping[str, dict[str, Any]] = {
    "eoh": {"kind": "eoh", "population_size": 8, "parents": 3},
    "reevo": {"kind": "reevo", "initial": 15},
    "mcts_ahd": {"kind": "mcts_ahd"},
    "funsearch": {"kind": "funsearch"},
    "es": {"kind": "es", "parents": 2, "children": 6},
}
"""Five methods that ask differently: in populations, with reflections, along a tree, with two versions, and one change at a time."""
_SENT, _WRITTEN = 3.4, 2.9  # characters to a token
_ASKS_FOR_CODE = "Rules for the code"  # a heading of prompts for heuristics only


@dataclass(frozen=True, slots=True)
class BillingModel:
    """The script of a server; the same replies in the same order.

    Args:
        header: First line of the function that is asked for.
        result: What it returns, with "{a}" and "{b}" for numbers that make it another one each time.
        thinking: Tokens that it thinks with, on average.
    """

    header: str
    result: str
    thinking: int = 0

    def __call__(self, received: Received) -> ServerAnswer:
        """Answer a request."""
        rng = random.Random(received.number)
        prompt = "".join(message["content"] for message in received.payload["messages"])
        text = self._text(received.number, rng, wants_code=_ASKS_FOR_CODE in prompt)
        thought = round(self.thinking * rng.uniform(0.3, 1.7))
        sent, written = round(len(prompt) / _SENT), round(len(text) / _WRITTEN) + thought
        details = {
            "completion_tokens_details": {"reasoning_tokens": thought},
            "prompt_tokens_details": {"cached_tokens": sent // 3},
        }
        return reply(text, tokens=(sent, written), usage=details)

    def _text(self, number: int, rng: random.Random, *, wants_code: bool) -> str:
        if not wants_code:
            return "Look at what is left over, and weigh it by how often it comes; " * rng.randint(2, 14)
        kind = rng.random()
        if kind < 0.06:
            return "I would rather talk about the weather than write such a function. " * rng.randint(1, 9)
        idea = "Weighs what is left by a number, " + "and by what comes later, " * rng.randint(0, 6) + "in one sum."
        lines = round(rng.gammavariate(4.0, 2.0) * (1.0 + number / 150))
        body = "".join(f"    weight_{line} = {rng.random():.6f}\n" for line in range(lines))
        if kind < 0.12:
            body += "    raise ValueError('not today')\n"
        worth = random.Random(7 if kind > 0.96 else number)
        result = self.result.format(a=round(worth.uniform(0, 5), 4), b=round(worth.uniform(0, 5), 4))
        return f"{{{idea}}}\n\n```python\nimport numpy as np\n\n{self.header}\n{body}    return {result}\n```"


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What a run was estimated to spend, and what it spent.

    Attributes:
        rehearsed: By the dry run.
        estimates: While it went on, oldest first.
        tokens: Sent and received, by the server's own account.
        cost_usd: By the server's own account and the price.
        requests: That the server answered.
    """

    rehearsed: SpendingForecast
    estimates: tuple[SpendingForecast, ...]
    tokens: int
    cost_usd: float
    requests: int

    def off(self, forecast: SpendingForecast) -> tuple[float, float]:
        """By which share of the use the estimates of tokens and of money are too high."""
        assert forecast.cost_usd is not None
        return forecast.tokens / self.tokens - 1, forecast.cost_usd / self.cost_usd - 1


@dataclass(slots=True)
class Estimates:
    """An observer that keeps the estimates of a run."""

    heard: list[SpendingForecast] = field(default_factory=list)

    def notify(self, event: Event) -> None:
        """Hear of an event."""
        if isinstance(event, SpendingEstimated):
            self.heard.append(event.forecast)


def spend_and_estimate(model: BillingModel, config: Mapping[str, Any], folder: Path) -> Course:
    """Rehearse a run and carry it out, against a server of its own.

    Args:
        model: Answers.
        config: Of the run, without its generator.
        folder: For its archive.
    """
    estimates = Estimates()
    with ScriptedEndpoint(model) as server:
        generator = {"kind": "openai", "model": "m", "base_url": server.base_url, "price": PRICE}
        whole = {**config, "generator": generator, "validation": {"top": 0}}
        rehearsed = rehearse(whole, archive=folder / "a.db").forecast
        result = discover(whole, archive=folder / "a.db", observers=[estimates])
        sent, written = server.tokens
        cached = sum(round(exchange.answer.prompt_tokens) // 3 for exchange in server.journal)
    assert result.status == "finished", result.reason
    assert rehearsed is not None
    dollars = ((sent - cached) * PRICE["input"] + cached * PRICE["cached"] + written * PRICE["output"]) / 1e6
    assert result.spent.tokens == sent + written
    return Course(
        rehearsed=rehearsed,
        estimates=tuple(estimates.heard),
        tokens=sent + written,
        cost_usd=dollars,
        requests=len(server.journal),
    )
