"""A scorer for heuristics that choose one of several entries, in this process: two families, the second of which looks at `late`."""

import warnings
from typing import Any

import numpy as np

from evoheur.candidate import Evaluation, InstanceResult, Status
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.objective import fold

__all__ = ["Choosing", "instances"]


def instances(split: str, *, online: bool = False) -> InstanceSet:
    """A set whose instances the scorer makes itself."""
    return InstanceSet(split=split, instances=(), references={}, encoded=(), online=online)


class Choosing:
    """Scores `choose(worth, late, trap)`: the entry with the highest score is taken, and costs what it costs.

    In the family "early" the worth decides alone; in "late" it must be taken off where `late` says so, by 0.5. Costs are 100, the
    reference, for the best entry, and 1 % more for each entry that was better.

    Attributes:
        asked: Split and probe of every evaluation.
    """

    def __init__(self, *, instances_of_a_family: int = 40) -> None:
        self.asked: list[tuple[str, bool]] = []
        self._count = instances_of_a_family

    async def __call__(self, code: str, instances: InstanceSet, *, probe: bool) -> Evaluation:
        self.asked.append((instances.split, probe))
        space: dict[str, Any] = {}
        results = []
        try:
            exec(compile(code, "<candidate>", "exec"), space)
            for family in ("early", "late"):
                results += [self._result(space["choose"], family, number, instances.split) for number in range(self._count)]
        except Exception as error:  # noqa: BLE001 - a candidate may raise anything
            return Evaluation(status=Status.ERROR, objective=None, split=instances.split, detail=repr(error))
        objective = fold(results, "mean_of_gaps")
        return Evaluation(
            status=Status.OK,
            objective=objective.value,
            objective_kind=objective.kind,
            aggregate="mean_of_gaps",
            split=instances.split,
            results=tuple(results),
        )

    def _result(self, choose: Any, family: str, number: int, split: str) -> InstanceResult:
        rng = np.random.default_rng([number, len(family), len(split)])
        worth, trap = rng.random(8), rng.random(8)
        late = rng.integers(0, 2, 8).astype(float) if family == "late" else np.zeros(8)
        true = worth - 0.5 * late
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            scores = np.asarray(choose(worth.copy(), late.copy(), trap.copy()), dtype=float)
        if scores.shape != (8,) or np.isnan(scores).any():
            raise ValueError(f"scores of shape {scores.shape}")
        cost = 100.0 + float(np.count_nonzero(true > true[int(scores.argmax())]))
        return InstanceResult(instance=f"{family}-{number}", family=family, status=Status.OK, cost=cost, reference=100.0)
