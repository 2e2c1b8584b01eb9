"""Which candidate is the best of a run."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.archive.archive import Archive
from evoheur.archive.best_choice import best_validated, considered, surpasses, surpassing
from evoheur.archive.records import CandidateRecord
from evoheur.candidate import Evaluation, Status
from tests.evoheur.archive.support.made_up import candidate, evaluation, new_run, result, step


def record(number: int, train: float, validation: Evaluation | float | None = None) -> CandidateRecord:
    own = candidate(number, train)
    scored = evaluation(validation, split="validation") if isinstance(validation, float) else validation
    evaluations = {"train": own.evaluation} | ({} if scored is None else {"validation": scored})
    return CandidateRecord(run="r", candidate=own, evaluations=evaluations, asked=None)


TIMEOUT = evaluation(None, status=Status.TIMEOUT, split="validation")


@pytest.mark.parametrize(
    ("records", "best"),
    [
        ([record(1, 1.0, 3.0), record(2, 1.5, 2.0)], 2),
        ([record(1, 1.0, 2.0), record(2, 1.5, 2.0)], 1),  # equal: the better on train
        ([record(1, 1.0, TIMEOUT), record(2, 1.5, 9.0)], 2),
        ([record(1, 1.0, TIMEOUT), record(2, 1.5)], 1),  # nobody has a score
        ([record(1, 1.0), record(2, 1.5, 9.0)], 2),
        ([record(1, 1.0), record(2, 1.5)], 1),
    ],
)
def test_the_lowest_on_validation_is_the_best_and_else_the_best_on_train(records: list[CandidateRecord], best: int) -> None:
    chosen = best_validated(records)
    assert chosen is not None
    assert chosen.candidate.id == best


def test_of_nothing_nothing_is_best() -> None:
    assert best_validated([]) is None


@pytest.mark.parametrize(
    ("config", "number"), [({"validation": {"top": 10}}, 10), ({"validation": {"top": 0}}, 1), ({"validation": {}}, 1), ({}, 1)]
)
def test_a_run_chooses_among_as_many_as_it_validates(config: dict[str, object], number: int) -> None:
    assert considered(config) == number


@pytest.mark.parametrize(("top", "best"), [(0, 1), (1, 1), (2, 2), (3, 3)])
def test_scores_of_candidates_that_were_no_choice_do_not_count(url: str, top: int, best: int) -> None:
    """On train 1, 2, 3 from best to worst, on validation the other way round."""
    with Archive.open(url, create=True) as archive:
        run = new_run(archive, config={"validation": {"top": top}})
        archive.record_baseline(run.id, candidate(0))
        for number in (1, 2, 3):
            step(archive, run, candidate(number, float(number)), tag=f"{number}")
            archive.record_evaluation(run.id, number, evaluation(5.0 - number, split="validation"))
        chosen = archive.chosen(run.name)
        assert chosen is not None
        assert chosen.candidate.id == best


def test_a_run_without_success_has_no_best(url: str) -> None:
    with Archive.open(url, create=True) as archive:
        run = new_run(archive)
        archive.record_baseline(run.id, candidate(0))
        assert archive.chosen(run.name) is None


def on(*costs: float, reference: float | None = 50.0) -> Evaluation:
    """Costs of as many instances on validation; the objective is their mean."""
    results = tuple(result(cost, instance=f"{number}", reference=reference) for number, cost in enumerate(costs))
    objective = sum(costs) / len(costs)
    return Evaluation(status=Status.OK, objective=objective, objective_kind="mean_cost", split="validation", results=results)


START = on(*([52.0, 54.0] * 10))
CLEARLY = on(*([51.0, 53.0] * 10))  # better on all of 20 instances
BY_LUCK = on(*([50.0, 55.0] * 10))  # better by 2 on ten, worse by 1 on as many


@pytest.mark.parametrize("reference", [50.0, None])
def test_better_everywhere_surpasses_and_better_on_half_of_them_does_not(reference: float | None) -> None:
    """A mean that is lower by half a unit, with differences of -2 and +1, is nothing that luck could not do; costs stand for gaps."""
    start, better, lucky = (
        on(*(each.cost for each in made.results if each.cost is not None), reference=reference)
        for made in (START, CLEARLY, BY_LUCK)
    )
    assert surpasses(better, start, confidence=0.95, among=[better])
    assert not surpasses(lucky, start, confidence=0.95, among=[lucky])
    assert not surpasses(start, start, confidence=0.55, among=[start])
    assert not surpasses(start, better, confidence=0.55, among=[start])


def test_more_candidates_ask_for_more_and_copies_do_not() -> None:
    """Better by the same on six of six is one sign pattern of 64; with three others, each at its best under signs of its own, one of 16."""
    start, better = on(*[52.0] * 6), on(*[51.0] * 6)
    others = [on(*(53.0 if place == worse else 51.0 for place in range(6))) for worse in range(3)]
    assert surpasses(better, start, confidence=0.95, among=[better])
    assert surpasses(better, start, confidence=0.95, among=[better] * 20)
    assert not surpasses(better, start, confidence=0.95, among=[better, *others])
    assert surpasses(better, start, confidence=0.9, among=[better, *others])


@pytest.mark.parametrize("seed", [1, 2])
def test_of_many_that_are_no_better_the_luckiest_is_rarely_taken(seed: int) -> None:
    """Forty times the luckiest of five: at a confidence of 0.9, four are expected, and fifteen would be one chance in a million."""
    source = np.random.default_rng(seed)
    taken = 0
    for _ in range(40):
        start = source.normal(55.0, 1.0, size=12)
        made = [on(*(start + source.normal(0.0, 1.0, size=12))) for _ in range(5)]
        lowest = min(made, key=lambda each: each.objective or 0.0)
        taken += surpasses(lowest, on(*start), confidence=0.9, among=made)
    assert taken <= 14


@given(
    pairs=st.lists(st.tuples(st.integers(40, 60), st.integers(40, 60)), min_size=1, max_size=12), confidence=st.floats(0.51, 0.99)
)
def test_of_two_heuristics_at_most_one_surpasses_the_other(pairs: list[tuple[int, int]], confidence: float) -> None:
    first, second = on(*(float(one) for one, _ in pairs)), on(*(float(other) for _, other in pairs))
    ways = [surpasses(*both, confidence=confidence, among=[both[0]]) for both in ((first, second), (second, first))]
    assert ways.count(True) <= 1


@pytest.mark.parametrize(("found", "best"), [(CLEARLY, 1), (BY_LUCK, 0), (START, 0), (None, 1)])
def test_the_start_stays_the_best_unless_it_is_surpassed(url: str, found: Evaluation | None, best: int) -> None:
    """Where nothing was validated, the best on train is the best as ever; the run and its archive agree."""
    config = {"validation": {"top": 10, "surpass_start": 0.95}}
    with Archive.open(url, create=True) as archive:
        run = new_run(archive, config=config)
        archive.record_baseline(run.id, candidate(0))
        archive.record_evaluation(run.id, 0, START)
        step(archive, run, candidate(1, 1.0))
        if found is not None:
            archive.record_evaluation(run.id, 1, found)
        chosen = archive.chosen(run.name)
        again = best_validated(
            archive.best(run.name, 10), archive.candidate(run.name, 0), confidence=surpassing(archive.run(run.name).config)
        )
        assert chosen is not None
        assert chosen == again
        assert chosen.candidate.id == best


def test_a_run_that_does_not_ask_for_it_compares_nothing_with_the_start() -> None:
    assert surpassing({"validation": {"top": 10}}) is None
    assert surpassing({}) is None
    assert surpassing({"validation": {"surpass_start": 0.9}}) == 0.9
