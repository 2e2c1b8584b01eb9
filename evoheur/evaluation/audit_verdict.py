"""The verdict on a heuristic by its audit.

Does what it gained on train hold on instances that no selection has seen?

Training instances differ from fresh ones by chance, so gaps on the two say little by themselves. What counts is the lead over the problem's
own heuristic on the same instances, and whether it shrinks by more than chance explains. Intervals are Student's t over the instances, in
pairs with the own heuristic, within families where each has two instances or more; for ratios of sums by linearisation.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evoheur.candidate import AUDIT, Evaluation, InstanceResult, Status
from evoheur.evaluation.objective import aggregate_of
from evoheur.problem import Aggregate

__all__ = ["AuditVerdict", "Lead", "audit_verdict"]

_CONFIDENCE = 0.95
_MOST_LOST = 0.5  # who selects the best of many always loses something of a lead; beyond half of it, most was luck


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """By how much a heuristic is ahead, in percentage points, with its 95 % interval.

    Attributes:
        value: Positive where it is ahead.
        low: Lower end; None where there is only one instance.
        high: Upper end.
    """

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditVerdict:
    """What an audit says of one heuristic.

    Attributes:
        instances: How many fresh instances there were.
        status: How the audit of it ended.
        train: Its lead over the problem's own heuristic on train, in points of gap; in percent of the own heuristic's costs where there
            are no references. None unless all is OK.
        audit: The same on the fresh instances.
        lost: Lead on train minus lead on the fresh ones.
    """

    instances: int
    status: Status
    train: Lead | None = None
    audit: Lead | None = None
    lost: Lead | None = None

    @property
    def overfitted(self) -> bool:
        """Whether it is shown that it leads on train only.

        It leads there, at least half of the lead is gone on fresh instances, and the interval of what is lost is above 0.
        """
        if self.train is None or self.audit is None or self.lost is None or self.lost.low is None:
            return False
        return self.train.value > 0 and self.lost.low > 0 and self.lost.value >= _MOST_LOST * self.train.value


def audit_verdict(evaluations: Mapping[str, Evaluation], own: Mapping[str, Evaluation]) -> AuditVerdict | None:
    """Judge a heuristic by its audit.

    Args:
        evaluations: Split → its evaluation.
        own: The same of the problem's own heuristic.

    Returns:
        None where one of the two was not audited.
    """
    if AUDIT not in evaluations or AUDIT not in own:
        return None
    audited = evaluations[AUDIT]
    count = len(own[AUDIT].results)
    pairs = [_paired(evaluations.get(split), own.get(split)) for split in ("train", AUDIT)]
    if pairs[0] is None or pairs[1] is None:
        return AuditVerdict(instances=count, status=audited.status)
    train, fresh = (_Estimate.of(pair) for pair in pairs if pair is not None)
    return AuditVerdict(instances=count, status=audited.status, train=train.lead, audit=fresh.lead, lost=train.minus(fresh).lead)


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Gain and weight of every instance; a lead is 100 · Σ gains / Σ weights."""

    gains: NDArray[np.float64]
    weights: NDArray[np.float64]
    families: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Estimate:
    """A mean with its standard error, which has so many degrees of freedom; none for a single instance."""

    value: float
    error: float
    freedom: float

    @classmethod
    def of(cls, pairs: _Pairs) -> "_Estimate":
        count = len(pairs.gains)
        value = float(pairs.gains.sum() / pairs.weights.sum())
        influence = (pairs.gains - value * pairs.weights) / pairs.weights.mean()
        sizes = Counter(pairs.families)
        strata = pairs.families if min(sizes.values()) > 1 else [""] * count
        variance, freedom = 0.0, 0
        for stratum in dict.fromkeys(strata):
            members = influence[[each == stratum for each in strata]]
            if len(members) > 1:
                variance += len(members) * float(members.var(ddof=1))
                freedom += len(members) - 1
        return cls(100.0 * value, 100.0 * math.sqrt(variance) / count, freedom)

    def minus(self, other: "_Estimate") -> "_Estimate":
        """The difference of two independent ones, with Welch's degrees of freedom."""
        if not self.freedom or not other.freedom:
            return _Estimate(self.value - other.value, 0.0, 0)
        first, second = self.error**2, other.error**2
        if first + second == 0.0:
            return _Estimate(self.value - other.value, 0.0, self.freedom + other.freedom)
        freedom = (first + second) ** 2 / (first**2 / self.freedom + second**2 / other.freedom)
        return _Estimate(self.value - other.value, math.sqrt(first + second), freedom)

    @property
    def lead(self) -> Lead:
        if not self.freedom:
            return Lead(value=self.value, low=None, high=None)
        from scipy.special import stdtrit  # noqa: PLC0415 - takes 0.3 seconds, and most commands meet no audit

        half = float(stdtrit(self.freedom, 0.5 + _CONFIDENCE / 2)) * self.error
        return Lead(value=self.value, low=self.value - half, high=self.value + half)


def _paired(ours: Evaluation | None, theirs: Evaluation | None) -> _Pairs | None:
    """The instances of two evaluations in pairs; None where one failed, or where they are not on the same instances."""
    if ours is None or theirs is None or ours.epoch != theirs.epoch:
        return None
    if ours.status is not Status.OK or theirs.status is not Status.OK:
        return None
    if [each.instance for each in ours.results] != [each.instance for each in theirs.results]:
        return None
    aggregate = aggregate_of(theirs)
    rows = [_gain(mine, other, aggregate) for mine, other in zip(ours.results, theirs.results, strict=True)]
    if not rows or not all(weight for _, weight in rows):
        return None
    gains, weights = np.array(rows, dtype=np.float64).T
    return _Pairs(gains, weights, [each.family for each in ours.results])


def _gain(ours: InstanceResult, theirs: InstanceResult, aggregate: Aggregate) -> tuple[float, float]:
    """What is gained on one instance, and its weight: its reference for ratios of sums, else 1."""
    assert ours.cost is not None, "the evaluation is OK"
    assert theirs.cost is not None, "the evaluation is OK"
    unit = abs(theirs.reference or theirs.cost)
    if aggregate == "ratio_of_sums":
        return theirs.cost - ours.cost, unit
    return ((theirs.cost - ours.cost) / unit, 1.0) if unit else (0.0, 0.0)
