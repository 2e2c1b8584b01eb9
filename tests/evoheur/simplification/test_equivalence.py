"""The two-sided test: what passes, on which instances, and what it costs."""

import asyncio
from dataclasses import replace

import pytest

from evoheur.candidate import Evaluation, InstanceResult, Status
from evoheur.simplification.equivalence import Equivalence, family_shifts
from tests.evoheur.simplification.support.choosing import Choosing, instances

BEST = "def choose(worth, late, trap):\n    return worth - 0.5 * late\n"
BLIND = "def choose(worth, late, trap):\n    return worth\n"
SAME = "def choose(w, l, t):\n    return 2 * w - l\n"


def measured(code: str, *, most: int = 100, online: bool = False) -> tuple[Equivalence, Choosing]:
    scorer = Choosing()
    equivalence = Equivalence(scorer, [instances("train"), instances("validation", online=online)], most=most)
    asyncio.run(equivalence.measure(code))
    return equivalence, scorer


def test_only_equal_costs_are_the_same() -> None:
    equivalence, _ = measured(BEST)
    assert asyncio.run(equivalence.is_same(SAME))
    assert not asyncio.run(equivalence.is_same(BLIND))


def test_what_becomes_better_is_refused_like_what_becomes_worse() -> None:
    """A one-sided test would take the better one for a simplification."""
    worse, _ = measured(BEST)
    better, _ = measured(BLIND)
    assert not asyncio.run(worse.is_close(BLIND, 0.5))
    assert not asyncio.run(better.is_close(BEST, 0.5))
    assert asyncio.run(better.is_close(BEST, 5.0))


def test_what_fails_is_refused_at_any_tolerance() -> None:
    equivalence, _ = measured(BEST)
    assert not asyncio.run(equivalence.is_close("def choose(worth, late, trap):\n    return 1 / 0\n", 1e9))


def test_what_fails_on_the_first_set_is_not_scored_on_the_next() -> None:
    equivalence, scorer = measured(BEST)
    scorer.asked.clear()
    asyncio.run(equivalence.is_same(BLIND))
    assert scorer.asked == [("train", False)]


def test_the_last_set_is_scored_with_the_probes_that_a_problem_has() -> None:
    _, plain = measured(BEST)
    assert plain.asked == [("train", False), ("validation", False)]
    _, probed = measured(BEST, online=True)
    assert probed.asked == [("train", False), ("validation", True)]
    scorer = Choosing()
    asyncio.run(Equivalence(scorer, [instances("train", online=True)], most=9).measure(BEST))
    assert scorer.asked == [("train", False), ("train", True)]


def test_equal_programs_are_scored_once() -> None:
    """Copies under other names among them."""
    equivalence, scorer = measured(BEST)
    asyncio.run(equivalence.is_close(BEST.replace("worth", "value"), 0.0))
    assert equivalence.evaluations == len(scorer.asked) == 2


def test_nothing_passes_when_the_evaluations_are_used_up() -> None:
    equivalence, scorer = measured(BEST, most=3)
    assert not asyncio.run(equivalence.is_same(SAME)), "train is scored, validation is not"
    assert equivalence.is_spent
    assert len(scorer.asked) == 3


@pytest.mark.parametrize(("reference", "shift"), [(100.0, 1.0), (50.0, 2.0), (None, 100 / 103)])
def test_shifts_are_points_of_the_gap_or_percent_of_the_cost(reference: float | None, shift: float) -> None:
    def scored(cost: float) -> Evaluation:
        result = InstanceResult(instance="a", family="small", status=Status.OK, cost=cost, reference=reference)
        return Evaluation(status=Status.OK, objective=1.0, aggregate="mean_of_gaps", split="train", results=(result,))

    assert family_shifts(scored(103.0), scored(104.0))["small"] == pytest.approx(shift)
    assert family_shifts(scored(103.0), scored(103.0))["small"] == 0.0
    empty = replace(scored(0.0), results=(replace(scored(0.0).results[0], cost=0.0, reference=None),))
    assert family_shifts(empty, scored(1.0))["small"] == float("inf")
