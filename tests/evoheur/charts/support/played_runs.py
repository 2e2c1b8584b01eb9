"""Runs whose outcomes are made up, and whose strategies and archives are real."""

from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from evoheur.api.configurations import load_config
from evoheur.archive.archive import Archive
from evoheur.candidate import Candidate
from evoheur.request import Message, Outcome, Request, RequestKind
from evoheur.run.fresh_strategy import fresh_strategy
from evoheur.strategies.strategy import Strategy
from evoheur.testing.strategy_runs import made_up_candidate, rescored, varied

__all__ = ["MEASURED", "PROMPT", "play_into"]

PROMPT = (Message(role="user", content="Improve on what is shown."),)
MEASURED = {"branches": 1.0, "calls": 3.0, "nodes": 60.0}


def play_into(
    archive: Archive,
    name: str,
    strategy: Mapping[str, Any],
    *,
    requests: int = 60,
    width: int = 3,
    thought: str = "",
    **settings: Any,
) -> Strategy:
    """Write a run of so many requests, some of them without an outcome yet, and return its strategy as it stands then.

    Args:
        archive: Where to.
        name: Of the run.
        strategy: Its section of a configuration.
        requests: How many are asked.
        width: How many are in flight; the oldest is told first.
        thought: Of every heuristic; empty for one of its own.
        settings: Other sections of the configuration.
    """
    source = {"problem": "bin_packing_online", "generator": {"kind": "mutator"}, "strategy": dict(strategy), **settings}
    config = load_config({"budget": {"evaluations": requests}, **source})
    run = archive.create_run(
        name=name,
        config=config.model_dump(mode="json"),
        seed=config.seed,
        problem="bin_packing_online",
        problem_hash="p0",
        prompts_hash="m0",
        evoheur_version="0.1.0",
    )
    baseline = _measured(made_up_candidate(0, 5.0))
    archive.record_baseline(run.id, baseline)
    played = fresh_strategy(config, baseline)
    waiting: deque[tuple[Request, Any]] = deque()
    asked = number = 0
    while asked < requests:
        request = played.ask() if len(waiting) < width else None
        if request is not None:
            waiting.append((request, archive.record_ask(run.id, request, PROMPT if request.kind.asks_model else ())))
            asked += 1
            continue
        answered, stored = waiting.popleft()
        outcome = _outcome(asked, answered, number + 1)
        if thought and isinstance(outcome, Candidate):
            outcome = replace(outcome, thought=thought)
        number += isinstance(outcome, Candidate)
        played.tell(answered, archive.record_tell(stored, outcome).outcome)
    return played


def _outcome(place: int, request: Request, identity: int) -> Outcome:
    if request.kind is RequestKind.RESCORING:
        return rescored(request)
    outcome = varied(place, request, identity)
    return _measured(outcome) if isinstance(outcome, Candidate) else outcome


def _measured(made: Candidate) -> Candidate:
    measures = {name: value + made.id * 7 % 11 for name, value in MEASURED.items()}
    return replace(made, code_hash=f"hash-{made.id}", evaluation=replace(made.evaluation, measures=measures))
