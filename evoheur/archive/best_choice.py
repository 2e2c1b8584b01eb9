"""The choice of a run's best candidate, which `RUN/best` names."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.archive.records import CandidateRecord
from evoheur.candidate import Evaluation, InstanceResult

__all__ = ["best_validated", "considered", "surpasses", "surpassing", "validated"]

_SIGNS = 9999
"""Random signs of a test, beside those that were seen."""

_ROUNDING = 1e-9  # of sums that are equal but for the order of their terms


def best_validated(
    records: Sequence[CandidateRecord], start: CandidateRecord | None = None, *, confidence: float | None = None
) -> CandidateRecord | None:
    """The best on validation among the best on train.

    Args:
        records: The best on train, best first.
        start: Candidate 0.
        confidence: That with which a candidate must surpass the start to take its place; None where the start is no choice.

    Returns:
        The one with the lowest objective on validation; of equal ones the better on train. The start, if that one does not surpass it.
        The best on train where none has an objective on validation, because a run is not finished, validates none, or all of them failed
        there. None if there are no records.
    """
    scored = validated(records)
    lowest = min(scored, key=_on_validation, default=next(iter(records), None))
    if start is None or confidence is None or lowest is None or not scored or _on_validation(start) is None:
        return lowest
    ours, theirs = lowest.evaluations["validation"], start.evaluations["validation"]
    return (
        lowest
        if surpasses(ours, theirs, confidence=confidence, among=[record.evaluations["validation"] for record in scored])
        else start
    )


def surpasses(ours: Evaluation, theirs: Evaluation, *, confidence: float, among: Sequence[Evaluation]) -> bool:
    """Whether a heuristic is better than another one on the same instances, beyond what luck explains.

    Its objective must be lower, and so must its gaps (costs, where there are no references) by a one-sided paired test with random signs
    (Fisher 1935): if neither were better, the difference on every instance could as well have the other sign. Heuristics that it was
    chosen from get the same signs, and the luckiest of them is what chance is measured by (Westfall & Young 1993), so that twenty that
    hardly differ count as little more than one.

    Args:
        ours: Of the heuristic, evaluated without a fault.
        theirs: Of the other one, likewise.
        confidence: One minus the chance that any heuristic of `among` that is no better is taken for better.
        among: Those of which it is the lowest, on the same instances, `ours` with them.
    """
    assert ours.objective is not None, "validated"
    assert theirs.objective is not None, "validated"
    differences = _differences(ours, theirs)
    if ours.objective >= theirs.objective or not differences.any():
        return False
    signs = np.random.default_rng(1).integers(0, 2, size=(_SIGNS, differences.size)) * 2 - 1
    luckiest = np.full(_SIGNS, np.inf)
    for other in among:
        others = _differences(other, theirs)
        if (
            others.size == differences.size and others.any()
        ):  # else it was not measured alike, or there is nothing to be lucky with
            np.minimum(luckiest, signs @ (others / np.linalg.norm(others)), out=luckiest)
    reached = differences.sum() / np.linalg.norm(differences)
    as_good = np.count_nonzero(luckiest <= reached + _ROUNDING)
    return bool((1 + as_good) / (1 + _SIGNS) <= 1.0 - confidence)


def _differences(ours: Evaluation, theirs: Evaluation) -> NDArray[np.float64]:
    known = {result.instance: result for result in theirs.results}
    pairs = [(result, known[result.instance]) for result in ours.results if result.instance in known]
    measured = all(mine.gap is not None and other.gap is not None for mine, other in pairs)
    return np.array([_worth(mine, measured) - _worth(other, measured) for mine, other in pairs], dtype=np.float64)


def validated(records: Sequence[CandidateRecord]) -> list[CandidateRecord]:
    """Those that have an objective on validation, in the same order."""
    return [record for record in records if _on_validation(record) is not None]


def considered(config: Mapping[str, Any]) -> int:
    """How many of the best on train a run chooses among.

    As many as its stored configuration validates, but at least one.
    """
    return max(1, int(_section(config).get("top", 1)))


def surpassing(config: Mapping[str, Any]) -> float | None:
    """The confidence with which a run's best must surpass the start; None if it need not."""
    confidence = _section(config).get("surpass_start")
    return None if confidence is None else float(confidence)


def _section(config: Mapping[str, Any]) -> Mapping[str, Any]:
    section = config.get("validation")
    return section if isinstance(section, Mapping) else {}


def _worth(result: InstanceResult, measured: bool) -> float:
    worth = result.gap if measured else result.cost
    assert worth is not None, "no instance failed"
    return worth


def _on_validation(record: CandidateRecord) -> Any:
    evaluation = record.evaluations.get("validation")
    return None if evaluation is None else evaluation.objective
