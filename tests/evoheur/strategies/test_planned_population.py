"""What `eoh`, `eohs`, `nsga2` and `meoh` have in common: first requests, generations, and what starts them."""

from typing import Any

import pytest
from pydantic import ValidationError

from evoheur.components import resolve, resolve_kind
from evoheur.request import Failure, Outcome, Request
from evoheur.strategies.planned_population import PlannedPopulationConfig
from evoheur.strategies.strategy import BUILTIN_STRATEGIES
from evoheur.testing.strategy_runs import StrategyRun, made_up_candidate

KINDS = [
    kind for kind in BUILTIN_STRATEGIES if issubclass(resolve(kind, BUILTIN_STRATEGIES, what="strategy"), PlannedPopulationConfig)
]


def config(kind: str, **settings: Any) -> PlannedPopulationConfig:
    """A configuration from plain values, as a YAML file gives them."""
    built = resolve_kind(kind, BUILTIN_STRATEGIES, PlannedPopulationConfig, what="strategy")  # type: ignore[type-abstract]
    return built.model_validate({"kind": kind, "population_size": 4, **settings})


def only_the_sixth_works(number: int, request: Request, identity: int) -> Outcome:
    if number != 6:
        return Failure(stage="parsing", reason="no-code", detail="made up")
    return made_up_candidate(identity, 1.0, request)


@pytest.mark.parametrize("kind", KINDS)
def test_what_has_nothing_to_begin_with_is_refused(kind: str) -> None:
    with pytest.raises(ValidationError, match="seed_with_baseline: true"):
        config(kind, initial=0)
    asked = StrategyRun(config(kind, initial=0, seed_with_baseline=True), watch=False).play_in_order(3)
    assert all(request.operator != "i1" for request in asked)


@pytest.mark.parametrize("kind", KINDS)
def test_first_requests_are_asked_until_one_works(kind: str) -> None:
    """In steady state one at a time after the first four; the sixth ends it."""
    asked = StrategyRun(config(kind, initial=4), only_the_sixth_works, watch=False).play_in_order(8)
    assert [request.operator == "i1" for request in asked] == [True] * 6 + [False] * 2
    assert [request.tag for request in asked] == [0] * 6 + [1] * 2


@pytest.mark.parametrize("kind", KINDS)
def test_by_generations_all_first_requests_are_asked_again(kind: str) -> None:
    """Four fail, so four more are asked, of which the second works; only then does the first generation begin."""
    run = StrategyRun(config(kind, initial=4, generational=True), only_the_sixth_works, watch=False)
    asked = run.play_in_order(10, width=4)
    assert [request.operator == "i1" for request in asked] == [True] * 8 + [False] * 2
    assert run.strategy.generation == 1
