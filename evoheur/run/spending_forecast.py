"""The forecast of what a run will ask and spend.

Its strategy is played ahead, which gives the mix of operators still to come and prompts of each.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeAlias

from evoheur.archive.records import Totals
from evoheur.candidate import Candidate
from evoheur.request import Message, Request, Usage
from evoheur.run.budget import Budget
from evoheur.run.played_strategy import MADE_UP_NOTE, MOST_PLAYED, MadeUpOutcomes, PlayedPart, play
from evoheur.strategies.strategy import Strategy

__all__ = ["ForecastPrompt", "SpendingForecast", "TokenRates", "assumed_rates", "first_prompts", "forecast_spending"]

_RENDERED = 25  # prompts of each operator
_CHARACTERS_PER_TOKEN = 4
_REPLY_SHARE = 2.0  # a reply's code beside the problem's own heuristic
_IDEA_TOKENS = 50

_Render: TypeAlias = Callable[[Request], Sequence[Message]]
_Price: TypeAlias = Callable[[Usage], float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastPrompt:
    """The first prompt of an operator.

    Attributes:
        operator: Its name.
        messages: As they would be sent, but for the heuristics in them.
        tokens: How many there are, estimated.
        share: Of the requests to the model within the budget that are this operator's; 0 where it has its turn later.
    """

    operator: str
    messages: tuple[Message, ...]
    tokens: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingForecast:
    """What a whole budget will be spent on, estimated.

    Attributes:
        limit: The setting that will be reached first, such as "budget.evaluations=200"; empty where none says how much will be asked.
        requests: To the model.
        prompt_tokens: To be sent.
        completion_tokens: To be received, without what a model thinks aloud.
        reply_tokens: Of a reply with a heuristic, on average.
        cost_usd: In US dollars; None where the price is not known.
        replies: It was measured on; 0 where the length of replies is assumed.
    """

    limit: str
    requests: int
    prompt_tokens: int
    completion_tokens: int
    reply_tokens: int
    cost_usd: float | None
    replies: int = 0

    @property
    def tokens(self) -> int:
        """Tokens sent and received together."""
        return self.prompt_tokens + self.completion_tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRates:
    """How many tokens prompts and replies have.

    Attributes:
        reply: Operator → tokens of a reply.
        heuristic: Of a reply with a heuristic, for other operators.
        note: Of a reply without one.
        per_character: Of a prompt.
        cached: Share of a prompt's tokens that the server reads from its cache.
        answered: Share of requests that get a reply.
        cost_factor: What replies cost beside what the generator says of so many tokens.
        replies: It was measured on.
    """

    reply: Mapping[str, float]
    heuristic: float
    note: float
    per_character: float = 1 / _CHARACTERS_PER_TOKEN
    cached: float = 0.0
    answered: float = 1.0
    cost_factor: float = 1.0
    replies: int = 0

    def of(self, request: Request) -> float:
        """Tokens of the reply to a request."""
        return self.reply.get(request.operator, self.note if request.produces == "note" else self.heuristic)


def assumed_rates(baseline: Candidate) -> TokenRates:
    """What is assumed where nothing is measured: replies twice as long as the problem's own heuristic, and an idea."""
    heuristic = math.ceil(_REPLY_SHARE * len(baseline.code) / _CHARACTERS_PER_TOKEN) + _IDEA_TOKENS
    return TokenRates(reply={}, heuristic=heuristic, note=len(MADE_UP_NOTE) / _CHARACTERS_PER_TOKEN)


def first_prompts(strategy: Strategy, baseline: Candidate, render: _Render, part: PlayedPart) -> tuple[ForecastPrompt, ...]:
    """Play a strategy, and render the first prompt of every operator that asks a model.

    Args:
        strategy: Fresh; it is used up.
        baseline: The problem's own heuristic, evaluated.
        render: Writes prompts.
        part: What is asked within the budget.

    Returns:
        In the order in which operators come first; none where it asks for nothing.
    """
    first: dict[str, Request] = {}
    for one in islice(play(strategy, MadeUpOutcomes(baseline)), MOST_PLAYED):
        if one.request.kind.asks_model:
            first.setdefault(one.request.operator, one.request)
    asked = [request.operator for request in part.requests if request.kind.asks_model]
    prompts = []
    for operator, request in first.items():
        messages = tuple(render(request))
        tokens = math.ceil(_characters(messages) / _CHARACTERS_PER_TOKEN)
        share = asked.count(operator) / max(1, len(asked))
        prompts.append(ForecastPrompt(operator=operator, messages=messages, tokens=tokens, share=share))
    return tuple(prompts)


def forecast_spending(
    part: PlayedPart, render: _Render, rates: TokenRates, *, budget: Budget, done: Totals, price_of: _Price
) -> SpendingForecast:
    """Estimate what a whole budget will be spent on.

    Args:
        part: What will be asked, including what was asked and got no reply yet.
        render: Writes prompts.
        rates: How long they and their replies are.
        budget: Of the run.
        done: What was done and spent before.
        price_of: What a reply of so many tokens costs, where that is known.
    """
    by_operator: dict[str, list[Request]] = {}
    for request in part.requests:
        if request.kind.asks_model:
            by_operator.setdefault(request.operator, []).append(request)
    asked = sum(map(len, by_operator.values()))
    sent = rates.answered * rates.per_character * sum(_prompts(requests, render) for requests in by_operator.values())
    received = rates.answered * sum(len(requests) * rates.of(requests[0]) for requests in by_operator.values())
    dollars = _dollars(asked, sent, received, rates, price_of)
    times, limit = part.times, part.limit
    for name, left, more in (
        ("tokens", None if budget.tokens is None else budget.tokens - done.tokens, sent + received),
        ("cost_usd", None if budget.cost_usd is None else budget.cost_usd - (done.cost_usd or 0.0), dollars),
        ("minutes", *_minutes(budget, done, asked)),
    ):
        if left is not None and more and (not limit or left / more < times):
            times, limit = max(0.0, left / more), name
    known = dollars is not None and not (done.cost_usd is None and done.tokens)
    return SpendingForecast(
        limit=f"budget.{limit}={budget.request_limit if limit == 'requests' else getattr(budget, limit)}" if limit else "",
        requests=done.requests - done.pending + math.ceil(round(times * asked, 6)),
        prompt_tokens=done.prompt_tokens + round(times * sent),
        completion_tokens=done.completion_tokens + round(times * received),
        reply_tokens=round(rates.heuristic),
        cost_usd=(done.cost_usd or 0.0) + times * dollars if known and dollars is not None else None,
        replies=rates.replies,
    )


def _prompts(requests: Sequence[Request], render: _Render) -> float:
    """Characters of all prompts of one operator, of which some are rendered, evenly spaced, since prompts grow."""
    step = max(1.0, len(requests) / _RENDERED)
    some = [requests[int(place * step)] for place in range(min(_RENDERED, len(requests)))]
    return sum(_characters(render(request)) for request in some) * len(requests) / len(some)


def _characters(messages: Sequence[Message]) -> int:
    return sum(len(message.content) for message in messages)


def _dollars(asked: int, sent: float, received: float, rates: TokenRates, price_of: _Price) -> float | None:
    """The price of so many requests, each of mean length: more tokens at once may cost more each."""
    if not asked:
        return 0.0
    each = Usage(prompt_tokens=round(sent / asked), completion_tokens=round(received / asked))
    price = price_of(replace(each, cached_tokens=round(rates.cached * each.prompt_tokens)))
    return None if price is None else price * asked * rates.cost_factor


def _minutes(budget: Budget, done: Totals, asked: int) -> tuple[float | None, float]:
    """The minutes that are left, and those that so many requests take at the pace so far.

    None without a pace.
    """
    told = done.requests - done.pending
    if budget.minutes is None or not told or not done.seconds:
        return None, 0.0
    return budget.minutes - done.seconds / 60.0, asked * done.seconds / 60.0 / told
