"""Rehearsal of a run, without a model.

Everything that the run would need is tried once, and nothing is written.
"""

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from evoheur.api.archives import archive_address
from evoheur.api.configurations import Changes, ConfigSource, load_config
from evoheur.api.discover import refuse_taken_name
from evoheur.api.interruption import outside_event_loop
from evoheur.api.scoring import score
from evoheur.api.warm_starts import with_warm_starts
from evoheur.archive import schema_state
from evoheur.archive.archive import Archive
from evoheur.archive.records import Totals
from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.errors import ExecutorError, StrategyStuck
from evoheur.prompts.facts import PromptFacts
from evoheur.request import Message, Request
from evoheur.run.config import RunConfig
from evoheur.run.played_strategy import MadeUpOutcomes, PlayedPart, play, until_limit
from evoheur.run.run_parts import Parts, prepare
from evoheur.run.spending_forecast import ForecastPrompt, SpendingForecast, assumed_rates, first_prompts, forecast_spending

__all__ = ["Rehearsal", "SpendingForecast", "rehearse"]

_Renderer: TypeAlias = Callable[[Request], tuple[Message, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """The things that a run would begin with.

    Attributes:
        config: Of the run.
        start: The problem's own heuristic on train, evaluated in the sandbox; its `level` is the isolation that candidates would get.
        textbook: Textbook rule → its evaluation on train, best first.
        instances: How many there are to train on.
        prompts: The first prompt of every operator, in the order in which they come; the first one is what the run begins with, the others
            show made-up heuristics.
        forecast: What the whole budget will be spent on; None where no model is paid.
    """

    config: RunConfig
    start: Evaluation
    textbook: Mapping[str, Evaluation]
    instances: int
    prompts: tuple[ForecastPrompt, ...]
    forecast: SpendingForecast | None

    @property
    def operator(self) -> str:
        """Of the first request."""
        return self.prompts[0].operator

    @property
    def prompt(self) -> tuple[Message, ...]:
        """The first prompt."""
        return self.prompts[0].messages


def rehearse(config: ConfigSource, changes: Changes = (), *, archive: str | Path | None = None) -> Rehearsal:
    """Check everything that a run needs.

    The problem's own heuristic is evaluated, and the first prompt of every operator rendered. No key is needed.

    Args:
        config: As for `evoheur.discover`.
        changes: Settings in place of its own.
        archive: As for `evoheur.discover`; it need not be there, and is not made.

    Raises:
        ConfigError: Something in the configuration is wrong, or something that it needs is not there.
        ArchiveError: The archive cannot be used, or has a run of that name.
        ExecutorError: The problem's own heuristic fails, so that no run could start.
        StrategyStuck: The strategy asks for nothing.
    """
    loaded = load_config(config, changes)
    url = archive_address(archive, loaded.archive)
    return outside_event_loop(lambda: _rehearse(loaded, url))


def _rehearse(config: RunConfig, url: str) -> Rehearsal:
    with ExitStack() as stack:
        there = schema_state.check(url).found is not None
        opened = stack.enter_context(Archive.open(url, read_only=True)) if there else None
        refuse_taken_name(opened, config.name)
        config = with_warm_starts(config, opened)
        parts = prepare(config, environ=os.environ, archive=opened, rehearsed=True)
        return _rehearsal(parts)


def _rehearsal(parts: Parts) -> Rehearsal:
    config = parts.config
    parts.problem.warm_up()
    train = parts.rules.instances("train")
    own = score(parts.problem, config.problem, config.evaluation, parts.card.code, train, seed=config.seed)
    if own.status is not Status.OK:
        raise ExecutorError(
            f"The problem's own heuristic ends with {own.status.value!r} ({own.detail}), so no run could start; mend the problem."
        )
    without = replace(parts, config=config.model_copy(update={"seeds": ()}))  # these are evaluated first, and have no prompt
    baseline = _baseline(parts, own)
    news = parts.make_news()
    news.begin_with(baseline)
    render = _renderer(parts, news.facts)
    part = until_limit(play(without.make_strategy(baseline), MadeUpOutcomes(baseline)), config.budget, Totals())
    prompts = first_prompts(without.make_strategy(baseline), baseline, render, part)
    if not prompts:
        raise StrategyStuck(f"Strategy {config.strategy.kind!r} asks for nothing at the start.")
    return Rehearsal(
        config=config,
        start=own,
        textbook=parts.rules.on("train"),
        instances=len(train.instances),
        prompts=prompts,
        forecast=_forecast(parts, part, baseline, render) if parts.generator.online else None,
    )


def _forecast(parts: Parts, part: PlayedPart, baseline: Candidate, render: _Renderer) -> SpendingForecast:
    rates, price_of = assumed_rates(baseline), parts.generator.price_of
    return forecast_spending(part, render, rates, budget=parts.config.budget, done=Totals(), price_of=price_of)


def _renderer(parts: Parts, facts: PromptFacts) -> _Renderer:
    splicer = parts.splicer
    return lambda request: parts.prompts.render(parts.template_folder, splicer.shown(request), facts)


def _baseline(parts: Parts, evaluation: Evaluation) -> Candidate:
    return Candidate(
        id=0,
        code=parts.card.code,
        thought="The problem's own heuristic.",
        operator="baseline",
        parents=(),
        evaluation=evaluation,
    )
