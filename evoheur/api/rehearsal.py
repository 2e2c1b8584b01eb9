"""Rehearsal of a run, without a model.

Everything that the run would need is tried once, and nothing is written.
"""

import os
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from evoheur.api.archives import archive_address
from evoheur.api.configurations import Changes, ConfigSource, load_config
from evoheur.api.discover import refuse_taken_name
from evoheur.api.interruption import outside_event_loop
from evoheur.api.scoring import score
from evoheur.api.warm_starts import with_warm_starts
from evoheur.archive import schema_state
from evoheur.archive.archive import Archive
from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.errors import ExecutorError, StrategyStuck
from evoheur.request import Message
from evoheur.run.assemble import Parts, prepare
from evoheur.run.config import RunConfig

__all__ = ["Rehearsal", "rehearse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """The things that a run would begin with.

    Attributes:
        config: Of the run.
        start: The problem's own heuristic on train, evaluated in the sandbox; its `level` is the isolation that candidates would get.
        textbook: Textbook rule → its evaluation on train, best first.
        instances: How many there are to train on.
        operator: Of the first request.
        prompt: The first prompt.
    """

    config: RunConfig
    start: Evaluation
    textbook: Mapping[str, Evaluation]
    instances: int
    operator: str
    prompt: tuple[Message, ...]


def rehearse(config: ConfigSource, changes: Changes = (), *, archive: str | Path | None = None) -> Rehearsal:
    """Check everything that a run needs.

    The problem's own heuristic is evaluated, and the first prompt rendered.

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
        parts = prepare(config, environ=os.environ, archive=opened)
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
    request = without.make_strategy(_baseline(parts, own)).ask()
    if request is None:
        raise StrategyStuck(f"Strategy {config.strategy.kind!r} asks for nothing at the start.")
    return Rehearsal(
        config=config,
        start=own,
        textbook=parts.rules.on("train"),
        instances=len(train.instances),
        operator=request.operator,
        prompt=tuple(parts.prompts.render(parts.template_folder, request)),
    )


def _baseline(parts: Parts, evaluation: Evaluation) -> Candidate:
    return Candidate(
        id=0,
        code=parts.card.code,
        thought="The problem's own heuristic.",
        operator="baseline",
        parents=(),
        evaluation=evaluation,
    )
