"""The test whether a smaller heuristic does what the original does.

It is two-sided: what becomes better is another heuristic as much as what becomes worse, and a test that only asks for "no worse" turns
heuristics into simpler rules that happen to score alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from evoheur.candidate import Evaluation, InstanceResult, Status
from evoheur.code.program import read_program
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.objective import aggregate_of, gap_percent
from evoheur.problem import Aggregate

__all__ = ["Equivalence", "SmallerHeuristicScorer", "family_shifts"]

_ROUNDING = 1e-9  # of sums in another order, in percentage points


class SmallerHeuristicScorer(Protocol):
    """Scores a heuristic as a run would."""

    async def __call__(self, code: str, instances: InstanceSet, *, probe: bool) -> Evaluation:
        """Score.

        Args:
            code: Source that defines the problem's functions.
            instances: What to solve.
            probe: Whether the problem's probes are to be passed too, as by what may become the best.
        """


@dataclass(frozen=True, slots=True)
class _Stage:
    """One evaluation that a smaller heuristic must pass."""

    instances: InstanceSet
    probe: bool


class Equivalence:
    """Holds smaller heuristics against an original, on one set of instances after the other.

    What fails on the first is not scored on the next. Equal programs are scored once.

    Attributes:
        evaluations: Made so far, those of the original included.
        before: Split → evaluation of the original, once it is measured.

    Args:
        scorer: Scores.
        sets: The instances, those first that reject most cheaply.
        most: So many evaluations at most; after that nothing passes.
    """

    def __init__(self, scorer: SmallerHeuristicScorer, sets: Sequence[InstanceSet], *, most: int) -> None:
        self._scorer = scorer
        self._most = most
        last = sets[-1]
        probed = last.online or last.symmetric
        self._stages = [_Stage(instances, probe=False) for instances in sets[: len(sets) - (probed and len(sets) > 1)]]
        if probed:
            self._stages.append(_Stage(last, probe=True))
        self._scored: dict[tuple[str, int], Evaluation] = {}
        self.evaluations = 0
        self.before: Mapping[str, Evaluation] = {}

    @property
    def is_spent(self) -> bool:
        """Whether another evaluation would be one too many."""
        return self.evaluations >= self._most

    async def measure(self, code: str) -> Evaluation:
        """Score the original, with which all others are compared.

        Returns:
            Its last evaluation, which is OK if all are.
        """
        evaluation = await self._evaluation(code, 0)
        for stage in range(1, len(self._stages)):
            if evaluation.status is Status.OK:
                evaluation = await self._evaluation(code, stage)
        self.before = self.evaluations_of(code)
        return evaluation

    def evaluations_of(self, code: str) -> Mapping[str, Evaluation]:
        """Split → evaluation, of a program that was scored."""
        hashed = read_program(code).hash
        known = ((stage.instances.split, self._scored.get((hashed, place))) for place, stage in enumerate(self._stages))
        return {split: evaluation for split, evaluation in known if evaluation is not None}

    async def is_same(self, code: str) -> bool:
        """Whether every instance costs exactly what it costs the original."""
        return await self._passes(code, None)

    async def is_close(self, code: str, tolerance: float) -> bool:
        """Whether no family's gap changes by more than a tolerance, in either direction.

        Args:
            code: The smaller heuristic.
            tolerance: In percentage points of the gap, or percent of the mean cost where there are no references; with 0 every cost must
                be the same.
        """
        return await self._passes(code, tolerance or None)

    async def _passes(self, code: str, tolerance: float | None) -> bool:
        for place, stage in enumerate(self._stages):
            known = (read_program(code).hash, place) in self._scored
            if self.is_spent and not known:
                return False
            after = await self._evaluation(code, place)
            if not self._is_within(self.before[stage.instances.split], after, tolerance):
                return False
        return True

    def _is_within(self, before: Evaluation, after: Evaluation, tolerance: float | None) -> bool:
        if after.status is not Status.OK:
            return False
        if tolerance is None:
            return after.behaviour == before.behaviour
        shifts = family_shifts(before, after)
        return all(abs(shift) <= tolerance + _ROUNDING for shift in shifts.values())

    async def _evaluation(self, code: str, place: int) -> Evaluation:
        key = read_program(code).hash, place
        if key not in self._scored:
            stage = self._stages[place]
            self._scored[key] = await self._scorer(code, stage.instances, probe=stage.probe)
            self.evaluations += 1
        return self._scored[key]


def family_shifts(before: Evaluation, after: Evaluation) -> dict[str, float]:
    """Family → by how much its gap changed, in percentage points; positive where it became worse.

    Where there are no references, it is the change of the mean cost in percent.

    Args:
        before: OK.
        after: OK, on the same instances.
    """
    earlier, later, aggregate = _by_family(before), _by_family(after), aggregate_of(before)
    return {family: _shift(results, later[family], aggregate) for family, results in earlier.items()}


def _by_family(evaluation: Evaluation) -> dict[str, list[InstanceResult]]:
    families: dict[str, list[InstanceResult]] = {}
    for result in evaluation.results:
        families.setdefault(result.family, []).append(result)
    return families


def _shift(before: Sequence[InstanceResult], after: Sequence[InstanceResult], aggregate: Aggregate) -> float:
    gaps = gap_percent(before, aggregate), gap_percent(after, aggregate)
    if gaps[0] is not None and gaps[1] is not None:
        return gaps[1] - gaps[0]
    old, new = (sum(result.cost or 0.0 for result in results) for results in (before, after))
    if old == new:
        return 0.0
    return 100.0 * (new - old) / abs(old) if old else float("inf")
