"""How much of the calls that may be under way are, per method and setting, in virtual time.

Loop and strategies are real; a call takes 8 s in the mean and is as uneven as real ones (log-normal, a standard deviation of 0.6 in the
logarithm), an evaluation takes a given time on two slots, uneven, too (0.5), and outcomes are made up: every seventh reply holds no
heuristic. Time is virtual, so the table is the same on every machine: `python -m tests.benchmarks.test_utilisation` prints it, and
`pytest tests/benchmarks/test_utilisation.py`, as `make bench` does, holds it to 0.97 wherever evaluators keep up and the method does not
wait by its nature.
"""

import functools
import random
import sys
from collections.abc import Sequence

import pytest

from evoheur.components import resolve_kind
from evoheur.run.flights import TellOrder
from evoheur.run.waiting_times import WaitingShares
from evoheur.strategies.strategy import BUILTIN_STRATEGIES, StrategyConfig
from evoheur.testing.strategy_runs import made_up_candidate
from tests.support.simulated_loop import SimulatedAnswers, SimulatedLog, simulate, uneven
from tests.support.virtual_time import run_in_virtual_time

CALL_SECONDS = 8.0
CALL_SPREAD = 0.6
EVALUATION_SPREAD = 0.5
SLOTS = 2
BACKLOG = 2 * SLOTS
"""The default of `evaluation.backlog`."""
IN_FLIGHT = (4, 16, 64)
LOADS = (0.0, 0.5, 0.9, 4.0)
"""Work for the evaluators, in terms of what they can do while the model works at full speed."""

_MEMBERS = [{"kind": "eoh"}, {"kind": "reevo"}, {"kind": "mcts_ahd"}]
STEADY: dict[str, dict[str, object]] = {
    **{kind: {"kind": kind} for kind in BUILTIN_STRATEGIES if kind != "portfolio"},
    "portfolio": {"kind": "portfolio", "members": _MEMBERS},
}
WAITING: dict[str, dict[str, object]] = {
    f"{kind}, by generations": {"kind": kind, "generational": True} for kind in ("eoh", "es", "reevo", "hsevo")
}
METHODS = {**STEADY, **WAITING}


@functools.cache
def shares(
    method: str, in_flight: int, load: float, *, backlog: int | None = None, order: TellOrder = "arrival", seed: int = 1
) -> WaitingShares:
    """Run a method until the model has had 40 calls for each that may be under way, and 200 more.

    Args:
        method: Of `METHODS`.
        in_flight: Calls under way.
        load: As in `LOADS`.
        backlog: As in a configuration; None for its default.
        order: As `tell_order` in a configuration.
        seed: Of the strategy and of all times.
    """
    settings = METHODS[method]
    kind = resolve_kind(str(settings["kind"]), BUILTIN_STRATEGIES, StrategyConfig, what="strategy")  # type: ignore[type-abstract]
    strategy = kind.model_validate(settings).build(made_up_candidate(0, 4.5), random.Random(seed))
    rng = random.Random(seed)
    evaluation = load * SLOTS * CALL_SECONDS / in_flight

    async def scenario() -> WaitingShares:
        answers = SimulatedAnswers(
            call_seconds=lambda: uneven(rng, CALL_SECONDS, CALL_SPREAD),
            evaluation_seconds=lambda: uneven(rng, evaluation, EVALUATION_SPREAD),
            slots=SLOTS,
        )
        _, waiting = await simulate(
            strategy,
            answers,
            SimulatedLog(),
            requests=40 * in_flight + 200,
            in_flight=in_flight,
            backlog=(BACKLOG if order == "arrival" else 0) if backlog is None else backlog,
            tell_order=order,
        )
        found = waiting.shares
        assert found is not None, "time has passed"
        return found

    return run_in_virtual_time(scenario())


@pytest.mark.parametrize("in_flight", IN_FLIGHT)
@pytest.mark.parametrize("method", STEADY)
def test_calls_are_under_way_wherever_evaluators_keep_up(method: str, in_flight: int) -> None:
    """Evaluators that have half, or nine tenths, of what they can do keep no call from being made for long."""
    assert shares(method, in_flight, 0.5).calls >= 0.97
    assert shares(method, in_flight, 0.9).calls >= 0.97


def table(methods: Sequence[str]) -> list[str]:
    """The tables of the documentation: methods, and for the first of them the backlog and the order of telling."""
    columns = [(in_flight, load) for in_flight in IN_FLIGHT for load in LOADS]
    heading = " | ".join(f"{in_flight}, {load:.0%}" for in_flight, load in columns)
    lines = [f"| method | {heading} |", f"| --- |{' --- |' * len(columns)}"]
    for method in methods:
        cells = " | ".join(f"{shares(method, in_flight, load).calls:.2f}" for in_flight, load in columns)
        lines.append(f"| {method} | {cells} |")
    lines.append("")
    settings: list[tuple[str, int, TellOrder]] = [
        ("without a backlog", 0, "arrival"),
        ("by default", BACKLOG, "arrival"),
        ("tell_order: asked", 0, "asked"),
        ("the same with a backlog of 64", 64, "asked"),
    ]
    for words, backlog, order in settings:
        cells = " | ".join(
            f"{shares(methods[0], in_flight, load, backlog=backlog, order=order).calls:.2f}" for in_flight, load in columns
        )
        lines.append(f"| {methods[0]}, {words} | {cells} |")
    return lines


if __name__ == "__main__":
    sys.stdout.write("".join(line + "\n" for line in table(sys.argv[1:] or ["eoh", *(m for m in METHODS if m != "eoh")])))
