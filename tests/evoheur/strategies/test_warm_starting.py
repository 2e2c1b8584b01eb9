"""Known heuristics first, then the strategy, which has taken them in; with every strategy that ships."""

import random
from typing import Any

import pytest

from evoheur.components import resolve_kind
from evoheur.request import Failure, Request, RequestKind
from evoheur.strategies.repairing import Repairing
from evoheur.strategies.resampling import Resampling
from evoheur.strategies.strategy import BUILTIN_STRATEGIES, Strategy, StrategyConfig
from evoheur.strategies.warm_starting import WarmStart, WarmStarting
from evoheur.testing.strategy_runs import made_up_candidate, rescored

STARTS = [WarmStart(source=f"{name}.py", code=f"def rule(x):\n    return {name!r}\n", thought=name) for name in ("a", "b", "c")]
MEMBERS: dict[str, Any] = {"portfolio": {"members": [{"kind": "eoh"}, {"kind": "es"}]}}


def warm(kind: str, *, every: int | None = None, repair: int = 0) -> WarmStarting:
    """A strategy of a kind that begins with `STARTS`, wrapped as a run does."""
    config_type = resolve_kind(kind, BUILTIN_STRATEGIES, StrategyConfig, what="strategy")  # type: ignore[type-abstract]
    baseline = made_up_candidate(0, 4.5)
    config = config_type.model_validate({"kind": kind, **MEMBERS.get(kind, {})})
    strategy: Strategy = config.build(baseline, random.Random(1))
    if every is not None:
        strategy = Resampling(strategy, baseline, every)
    if repair:
        strategy = Repairing(strategy, repair)
    return WarmStarting(strategy, STARTS)


def begun(strategy: Strategy) -> list[Request]:
    """The requests for known heuristics, all asked for, after which it waits."""
    requests = [request for request in (strategy.ask() for _ in STARTS) if request is not None]
    assert strategy.ask() is None
    return requests


@pytest.mark.parametrize("kind", BUILTIN_STRATEGIES)
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1)])
def test_every_strategy_has_taken_them_in_before_it_asks(kind: str, order: tuple[int, ...]) -> None:
    """In whatever order they are told, the search goes on alike, and the best of them is the strategy's best."""
    strategies = [warm(kind), warm(kind)]
    asked = []
    for strategy, told in zip(strategies, ((0, 1, 2), order), strict=True):
        requests = begun(strategy)
        assert [request.kind for request in requests] == [RequestKind.WARM_START] * 3
        candidates = [
            made_up_candidate(place + 1, objective, requests[place]) for place, objective in enumerate((3.0, 2.0, None))
        ]
        for place in told:
            strategy.tell(requests[place], candidates[place])
        assert strategy.elites()[0].id == 2
        later = [strategy.ask() for _ in range(20)]
        asked.append([request.fingerprint() for request in later if request is not None])
    assert asked[0] == asked[1]
    assert asked[0]


def test_a_plain_loop_begins_at_the_best_of_them() -> None:
    strategy = warm("es")
    for request, objective in zip(begun(strategy), (3.0, 2.0, 5.0), strict=True):
        strategy.tell(request, made_up_candidate(int(objective), objective, request))
    child = strategy.ask()
    assert child is not None
    assert [parent.id for parent in child.parents] == [2]


def test_what_fails_is_passed_over_and_not_repaired() -> None:
    """A failed one, and one that could not be stored; the strategy goes on as without them."""
    strategy = warm("es", repair=1)
    first, second, third = begun(strategy)
    strategy.tell(first, made_up_candidate(1, None, first))
    strategy.tell(second, Failure(stage="parsing", reason="internal", detail="made up"))
    strategy.tell(third, made_up_candidate(2, None, third))
    child = strategy.ask()
    assert child is not None
    assert child.operator != "repair"
    assert [parent.id for parent in child.parents] == [0]


def test_they_are_scored_again_on_fresh_instances() -> None:
    """As members of the strategy that took them in; they count for no epoch themselves."""
    strategy = warm("es", every=1)
    for request, objective in zip(begun(strategy), (3.0, 2.0, 5.0), strict=True):
        strategy.tell(request, made_up_candidate(int(objective), objective, request))
    child = strategy.ask()
    assert child is not None
    assert child.epoch == 0
    strategy.tell(child, made_up_candidate(9, 8.0, child))
    again = [strategy.ask(), strategy.ask()]
    assert [due and due.kind for due in again] == [RequestKind.RESCORING] * 2
    assert [due and due.parents[0].id for due in again] == [0, 2]
    for due in again:
        assert due is not None
        strategy.tell(due, rescored(due))
    assert {elite.evaluation.epoch for elite in strategy.elites()} <= {1}


def test_the_request_tells_them_apart_by_their_code() -> None:
    """So that replay finds a changed one, wherever it was changed."""
    one, other = (Request.warm_start(code, source="a.py", thought="", place=0) for code in ("x = 1", "x = 2"))
    assert one.fingerprint() != other.fingerprint()
    assert RequestKind.stored(one.operator, one.stored_product) is RequestKind.WARM_START
