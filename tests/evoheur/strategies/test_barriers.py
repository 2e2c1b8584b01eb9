"""Whether a strategy waits for outcomes is what its configuration says."""

from typing import Any

import pytest

from evoheur.components import resolve_kind
from evoheur.strategies.strategy import BUILTIN_STRATEGIES, StrategyConfig
from evoheur.testing.strategy_runs import StrategyRun

_STEADY: dict[str, dict[str, Any]] = {
    **{kind: {} for kind in BUILTIN_STRATEGIES if kind != "portfolio"},
    "portfolio": {"members": [{"kind": "eoh", "generational": True}, {"kind": "reevo"}]},
}
_WAITING: dict[str, dict[str, Any]] = {
    **{kind: {"generational": True} for kind in ("calm", "eoh", "eohs", "es", "meoh", "nsga2", "reevo", "hsevo")},
    "portfolio": {"members": [{"kind": "eoh", "generational": True}, {"kind": "reevo", "generational": True}]},
}


def configured(kind: str, settings: dict[str, Any]) -> StrategyConfig:
    built = resolve_kind(kind, BUILTIN_STRATEGIES, StrategyConfig, what="strategy")  # type: ignore[type-abstract]
    return built.model_validate({"kind": kind, **settings})


def waits(config: StrategyConfig) -> bool:
    """Whether it ever has nothing to ask for while outcomes are missing, of 300 in flight."""
    run = StrategyRun(config, watch=False)
    for _ in range(400):
        if not run.ask():
            return True
        if len(run.in_flight) > 300:
            run.tell(next(iter(run.in_flight)))
    return False


@pytest.mark.parametrize("kind", _STEADY)
def test_without_a_barrier_there_is_always_something_to_ask(kind: str) -> None:
    config = configured(kind, _STEADY[kind])
    assert not config.has_barrier
    assert not waits(config)


@pytest.mark.parametrize("kind", _WAITING)
def test_with_a_barrier_there_is_not(kind: str) -> None:
    config = configured(kind, _WAITING[kind])
    assert config.has_barrier
    assert waits(config)
