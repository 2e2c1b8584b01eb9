"""Statistics of a few repeated runs.

Medians with intervals, paired tests, and how many seeds a test needs: what such runs allow one to say.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

__all__ = ["CONFIDENCE", "LEVEL", "Spread", "holm", "least_p", "seeds_needed", "signed_rank", "spread"]

CONFIDENCE = 0.95
"""Of the intervals."""
LEVEL = 0.05
"""At which a difference counts as shown."""

_RESAMPLES = 9999
_EXHAUSTIVE = 13  # 2^13 sign patterns are fewer than the resamples, so that scipy goes through all of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The median of a sample with its 95 % interval.

    A bootstrap interval; a single value has none.
    """

    median: float
    low: float | None
    high: float | None


def spread(values: Sequence[float]) -> Spread:
    """The median and a percentile bootstrap interval.

    Efron and Tibshirani 1993, chapter 13, doi:10.1201/9780429246593.

    The percentile method, not BCa: for samples as small as repeated runs are, BCa's correction rests on a jackknife of the median, which
    takes two or three values only and none at all where runs end equal. The percentile interval is always defined and lies within the
    sample; for up to five values it is their whole range.

    Args:
        values: At least one. Equal samples get equal intervals: the resampling is seeded.
    """
    median = float(np.median(values))
    if len(values) == 1:
        return Spread(median=median, low=None, high=None)
    interval = stats.bootstrap(
        (np.asarray(values, dtype=float),),
        np.median,
        n_resamples=_RESAMPLES,
        confidence_level=CONFIDENCE,
        method="percentile",
        rng=np.random.default_rng(1),
    ).confidence_interval
    return Spread(median=median, low=float(interval.low), high=float(interval.high))


def signed_rank(differences: Sequence[float]) -> float:
    """Two-sided p of Wilcoxon's signed-rank test (Wilcoxon 1945, doi:10.2307/3001968).

    Differences of zero are left out, equal ones share their mean rank. The p is exact up to 50 differences, up to 13 where some are equal
    in size, and from the normal approximation beyond.

    Args:
        differences: Of pairs; if none is left, p is 1.
    """
    moved = [difference for difference in differences if difference]
    if not moved:
        return 1.0
    tied = len({abs(difference) for difference in moved}) < len(moved)
    method = stats.PermutationMethod(n_resamples=_RESAMPLES) if tied and len(moved) <= _EXHAUSTIVE else "auto"
    return float(stats.wilcoxon(moved, method=method).pvalue)


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjust p values for their number.

    By Holm's step-down rule (Holm 1979, https://www.jstor.org/stable/4615733), in the order given.
    """
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for place, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        highest = max(highest, min(1.0, (len(p_values) - place) * p_values[index]))
        adjusted[index] = highest
    return adjusted


def least_p(pairs: int) -> float:
    """The smallest two-sided p of the exact signed-rank test.

    All signs equal, which is 2 of 2^pairs patterns.
    """
    return min(1.0, 2.0 ** (1 - pairs))


def seeds_needed(comparisons: int = 1) -> int:
    """The least number of pairs for a significant test.

    With so many pairs, the smallest p of these comparisons, adjusted by Holm's rule, can be as low as `LEVEL`.
    """
    return math.ceil(1 + math.log2(comparisons / LEVEL))
