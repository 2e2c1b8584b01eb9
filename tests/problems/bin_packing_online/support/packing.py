"""What several tests of online bin packing share: streams, candidates, and packing a stream both ways."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from evoheur.evaluation.binary_tables import held_table, sent_table
from evoheur.problem import Heuristic
from evoheur.problems.bin_packing_online.instance import BinPackingInstance
from evoheur.problems.bin_packing_online.problem import OnlineBinPacking
from evoheur.problems.bin_packing_online.protocol import NanHandling, open_bins
from evoheur.sandbox.wire import decode, encode


def stream(items: Sequence[int], capacity: int, *, bins: int | None = None) -> BinPackingInstance:
    """A stream for a test; as many bins as items unless said otherwise."""
    return BinPackingInstance(name="stream", family="test", capacity=capacity, items=np.array(items, dtype=np.int64), bins=bins)


def heuristic(code: str) -> Heuristic:
    """A candidate, executed as the guest would."""
    namespace: dict[str, Any] = {"__name__": "heuristic"}
    exec(compile(code, "heuristic", "exec"), namespace)
    return Heuristic(code=code, functions={"priority": namespace["priority"]})


@dataclass(frozen=True)
class Packed:
    """How a stream was packed: the bins, or the error that ended it."""

    bins: tuple[int, ...] = ()
    error: str = ""


def packed(solve: Callable[[], Any]) -> Packed:
    """Run a solver; whatever a rule raises is part of the outcome."""
    np.random.seed(0)  # noqa: NPY002 - the generator that a rule can reach
    try:
        with np.errstate(all="ignore"):
            return Packed(bins=tuple(solve()))
    except (ArithmeticError, AttributeError, LookupError, NameError, TypeError, ValueError) as error:
        return Packed(error=f"{type(error).__name__}: {error}")


def pack(
    priority: Callable[..., Any], items: Sequence[int], capacity: int, *, bins: int | None = None, nan: NanHandling = "error"
) -> list[int]:
    """Bin of each item by the protocol, as many bins as items unless said otherwise."""
    place = open_bins(priority, capacity, len(items) if bins is None else bins, nan=nan)
    return [place(int(item)) for item in items]


def decided(problem: OnlineBinPacking, rule: Heuristic, instance: BinPackingInstance) -> list[int]:
    """Bin of each item as a candidate is scored: by a table, which goes through JSON, or else beside the stream."""
    scope = problem.table_scope(instance)
    table: Any = None if scope is None else through_json(problem.tabulate(rule, scope))
    followed = None if table is None else problem.follow(instance, table)
    return problem.solve(rule, instance, np.random.default_rng(0)) if followed is None else followed


def through_json(table: Any) -> Any:
    """A table as it comes out of the guest: JSON, and bytes beside it."""
    sent, binary = sent_table(table)
    return held_table(decode(encode(sent)), binary)


def both_ways(
    code: str, instances: Sequence[BinPackingInstance], *, nan: NanHandling = "error"
) -> tuple[list[Packed], list[Packed], str]:
    """Pack streams as the problem chooses to, and bin by bin; and the path that the problem took last."""
    problem = OnlineBinPacking(nan=nan)
    chosen = heuristic(code)
    fast = [packed(partial(decided, problem, chosen, instance)) for instance in instances]
    rule = heuristic(code).entry
    plain = [
        packed(partial(pack, rule, instance.items.tolist(), instance.capacity, bins=instance.bins, nan=nan))
        for instance in instances
    ]
    return fast, plain, chosen.notes["path"]
