"""The verdict of an audit, by hand and over many made-up ones."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from scipy import stats

from evoheur.candidate import AUDIT, Evaluation, InstanceResult, Status
from evoheur.evaluation.audit_verdict import AuditVerdict, audit_verdict
from evoheur.problem import Aggregate


def evaluation(
    costs: Sequence[float],
    *,
    split: str = "train",
    families: Sequence[str] = (),
    references: Sequence[float | None] = (),
    aggregate: Aggregate = "mean_of_gaps",
    epoch: int = 0,
) -> Evaluation:
    """One of these costs, with references of 100 and one family if not told otherwise."""
    results = tuple(
        InstanceResult(
            instance=f"{split}-{place}",
            family=families[place] if families else "one",
            status=Status.OK,
            cost=cost,
            reference=references[place] if references else 100.0,
        )
        for place, cost in enumerate(costs)
    )
    return Evaluation(
        status=Status.OK,
        objective=1.0,
        objective_kind="gap_percent",
        aggregate=aggregate,
        split=split,
        results=results,
        epoch=epoch,
    )


def scored(train: Sequence[float], audit: Sequence[float], **rest: object) -> Mapping[str, Evaluation]:
    return {"train": evaluation(train, **rest), AUDIT: evaluation(audit, split=AUDIT, **rest)}  # type: ignore[arg-type]


def noisy(rng: np.random.Generator, size: int) -> list[float]:
    """Costs of about 110."""
    costs: list[float] = (110 + rng.normal(size=size)).tolist()
    return costs


def found(ours: Mapping[str, Evaluation], own: Mapping[str, Evaluation]) -> AuditVerdict:
    verdict = audit_verdict(ours, own)
    assert verdict is not None
    return verdict


def test_leads_are_paired_differences_of_gaps() -> None:
    """Gains of 1, 2, 3 and 6 points on train: 3, with t of three degrees of freedom; on the audit 1 everywhere, without doubt."""
    verdict = found(scored([109, 108, 107, 104], [109] * 4), scored([110] * 4, [110] * 4))
    assert (verdict.instances, verdict.status) == (4, Status.OK)
    assert verdict.train is not None
    assert verdict.audit is not None
    low, high = stats.t.interval(0.95, 3, loc=3.0, scale=stats.sem([1, 2, 3, 6]))
    assert (verdict.train.value, verdict.train.low, verdict.train.high) == pytest.approx((3.0, low, high))
    assert (verdict.audit.value, verdict.audit.low, verdict.audit.high) == pytest.approx((1.0, 1.0, 1.0))
    assert verdict.lost is not None
    assert verdict.lost.value == pytest.approx(2.0)


def test_families_that_differ_do_not_widen_an_interval() -> None:
    """Gains of about 1 in one family and about 5 in the other: within families they hardly differ."""
    families = ["a", "a", "b", "b"]
    verdict = found(
        scored([109, 108.9, 105, 104.9], [109] * 4, families=families), scored([110] * 4, [110] * 4, families=families)
    )
    assert verdict.train is not None
    assert verdict.train.low is not None
    error = np.sqrt(2 * 0.005 + 2 * 0.005) / 4
    assert verdict.train.value - verdict.train.low == pytest.approx(stats.t.ppf(0.975, 2) * error)


def test_ratios_of_sums_weigh_instances_by_their_references() -> None:
    """10 of 100 gained and 0 of 900: 1 % of all."""
    rest = {"references": [100.0, 900.0], "aggregate": "ratio_of_sums"}
    verdict = found(scored([100, 1000], [110, 1000], **rest), scored([110, 1000], [110, 1000], **rest))
    assert verdict.train is not None
    assert verdict.train.value == pytest.approx(1.0)


def test_without_references_leads_are_in_percent_of_the_own_costs() -> None:
    rest = {"references": [None, None]}
    verdict = found(scored([90, 180], [90, 180], **rest), scored([100, 200], [100, 200], **rest))
    assert verdict.train is not None
    assert verdict.train.value == pytest.approx(10.0)


def test_one_that_leads_on_train_only_is_named() -> None:
    """A lead of 5 points on every training instance, of nothing on fresh ones."""
    rng = np.random.default_rng(0)
    own = scored(noisy(rng, 18), noisy(rng, 18))
    costs = [result.cost or 0.0 for result in own["train"].results]
    fresh = [result.cost or 0.0 for result in own[AUDIT].results]
    assert found(scored([cost - 5 for cost in costs], fresh), own).overfitted
    assert not found(scored([cost - 5 for cost in costs], [cost - 4 for cost in fresh]), own).overfitted
    assert found(scored([cost - 5 for cost in costs], [cost - 1 for cost in fresh]), own).overfitted, "most of it is lost"
    assert not found(scored([cost + 5 for cost in costs], [cost + 9 for cost in fresh]), own).overfitted, "it never led"


def test_honest_ones_are_hardly_ever_named() -> None:
    """1,000 heuristics whose gain is drawn alike on train and audit: those that only look worse by chance are at most 2.5 %."""
    rng = np.random.default_rng(3)
    named = 0
    for _ in range(1000):
        size = int(rng.integers(5, 40))
        own = scored(noisy(rng, size), noisy(rng, size))
        lead = rng.uniform(0, 1)
        ours = {
            split: [(result.cost or 0.0) - rng.normal(lead, 1.0) for result in evaluated.results]
            for split, evaluated in own.items()
        }
        named += found(scored(ours["train"], ours[AUDIT]), own).overfitted
    assert named <= 35, "2.5 % and two standard deviations"


def test_a_failure_is_told_and_what_does_not_compare_is_left_open() -> None:
    own = scored([110, 110], [110, 110])
    failed = Evaluation(status=Status.TIMEOUT, objective=None, split=AUDIT)
    verdict = found({"train": own["train"], AUDIT: failed}, own)
    assert (verdict.status, verdict.audit, verdict.overfitted) == (Status.TIMEOUT, None, False)
    later = {**own, "train": evaluation([100, 100], epoch=2)}
    assert found(later, own).lost is None, "scored on other training instances"
    assert audit_verdict({"train": own["train"]}, own) is None
    alone = found(scored([105], [110]), scored([110], [110]))
    assert alone.lost is not None
    assert (alone.lost.value, alone.lost.low, alone.overfitted) == (5.0, None, False)
