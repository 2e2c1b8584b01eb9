"""Online packing by places and reductions: how many programs of such kinds are packed without asking them, and how much faster.

Beside it runs an evaluator as published ones are: a loop that calls the program for every item. Both in one run, by processor time.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from evoheur.problem import Heuristic
from evoheur.problems.bin_packing_online.instance import BinPackingInstance
from evoheur.problems.bin_packing_online.problem import OnlineBinPacking

from .support.placed_programs import PLACED_PROGRAMS, program

_STREAMS = 5
_ITEMS = 5000
_CAPACITY = 100
_SHARE = 0.7
_RATIO = 10.0


def as_published(items: NDArray[np.int64], priority: Callable[..., Any]) -> list[int]:
    """Bin of each item, asked item by item; as many bins as items."""
    bins = np.full(items.size, _CAPACITY, dtype=np.int64)
    packing: list[list[int]] = [[] for _ in bins]
    assignment = []
    for item in items.tolist():
        valid = np.nonzero((bins - item) >= 0)[0]
        best = valid[np.argmax(priority(item, bins[valid]))]
        bins[best] -= item
        packing[best].append(item)
        assignment.append(int(best))
    return assignment


def streams() -> list[BinPackingInstance]:
    """Five streams of 5,000 items, as the training streams are."""
    made = []
    for seed in range(_STREAMS):
        items = np.clip(np.ceil(45 * np.random.default_rng(seed).weibull(3, _ITEMS)), 1, _CAPACITY).astype(np.int64)
        made.append(BinPackingInstance(name=f"stream-{seed}", family="weibull", capacity=_CAPACITY, items=items))
    return made


def measured(name: str, instances: list[BinPackingInstance]) -> tuple[str, float]:
    """The path of a program, and how many times faster it is packed; the packings must be equal. The loop runs on the first stream only."""
    code = program(name)
    namespace: dict[str, Any] = {}
    exec(compile(code, "heuristic", "exec"), namespace)
    problem = OnlineBinPacking()
    heuristic = Heuristic(code=code, functions={"priority": namespace["priority"]})
    start = time.process_time()
    table = problem.tabulate(heuristic, {"capacity": _CAPACITY})
    followed = None if table is None else [problem.follow(instance, table) for instance in instances]
    ours = time.process_time() - start
    if followed is None:
        return heuristic.notes["plain_because"], 1.0
    start = time.process_time()
    with np.errstate(all="ignore"):
        published = as_published(instances[0].items, namespace["priority"])
    theirs = time.process_time() - start
    assert followed[0] == published, name
    return heuristic.notes["path"], _STREAMS * theirs / ours


@pytest.mark.timeout(3600)
def test_share_and_ratios() -> None:
    """At least seven of ten programs are ten times faster, and all are packed alike."""
    OnlineBinPacking().warm_up()
    instances = streams()
    for name in ("standard scores", "wave"):  # what is compiled at first use
        measured(name, instances[:1])
    found = {name: measured(name, instances) for name in PLACED_PROGRAMS}
    for name, (path, ratio) in found.items():
        sys.stdout.write(f"\n{ratio:6.1f} x  {name}: {path}")
    on_path = [ratio for path, ratio in found.values() if path in {"levels", "places"}]
    fast = sum(ratio >= _RATIO for ratio in on_path)
    sys.stdout.write(
        f"\n{len(on_path)} of {len(found)} programs are packed without asking them, {fast} at {_RATIO:g} times or more; "
        f"median {np.median(on_path):.1f}, least {min(on_path):.1f}\n"
    )
    assert fast >= _SHARE * len(found)
