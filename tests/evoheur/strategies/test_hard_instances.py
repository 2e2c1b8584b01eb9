"""What the champion loses on is found, joins the training instances, and stays within its share."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.candidate import Candidate, Evaluation, InstanceResult, Status
from evoheur.request import Request, Rescored, VariedFamily
from evoheur.strategies.hard_instances import HardInstancesConfig, HardResampling, Parameters, RegretGrid, shrunk_regret
from evoheur.strategies.random_sampling import RandomConfig

BOUNDS = {"mean": (0.0, 1.0), "spread": (0.0, 2.0)}
Loss = Callable[[Parameters, int], float]


def planted(parameters: Parameters, instance: int) -> float:
    """In percent: the champion is bad where the mean is from 0.4 to 0.5, and as good as the others elsewhere."""
    return 5.0 + 0.1 * (instance % 3) if 0.4 <= dict(parameters)["mean"] <= 0.5 else 0.0


def no_difference(_parameters: Parameters, _instance: int) -> float:
    return 0.0


def lucky(_parameters: Parameters, instance: int) -> float:
    """On one instance of many it loses a little, as chance will have it."""
    return 1.0 if instance == 3 else 0.0


def searched(loss: Loss, *, seed: int = 1, rounds: int = 5, count: int = 8) -> RegretGrid:
    grid = RegretGrid(BOUNDS, 4, random.Random(seed))
    for _ in range(rounds):
        for parameters in grid.proposed(count):
            regret = shrunk_regret([loss(parameters, instance) for instance in range(8)])
            assert regret is not None
            grid.learn(parameters, regret)
    return grid


@pytest.mark.parametrize("seed", range(5))
def test_what_the_champion_is_bad_at_is_found_within_forty_parameter_vectors(seed: int) -> None:
    worst = searched(planted, seed=seed).worst(3)
    assert worst
    assert all(0.4 <= dict(parameters)["mean"] <= 0.5 for parameters in worst)


def test_instances_on_which_all_are_equal_never_join() -> None:
    assert searched(no_difference).worst(16) == []
    assert searched(lucky).worst(16) == []  # the mean, an eighth, is no more than its standard error


def test_regret_is_the_mean_loss_less_its_standard_error() -> None:
    assert shrunk_regret([2.0] * 8) == 2.0
    assert shrunk_regret([1.0, 3.0] * 4) == pytest.approx(2.0 - (8 / 7) ** 0.5 / 8**0.5)
    assert shrunk_regret([2.0] * 7) is None


def test_another_champion_that_does_better_there_takes_the_parameters_out() -> None:
    grid = searched(planted)
    [first, *_] = grid.worst(1)
    assert first in grid.proposed(8)[:2]  # it is tried again
    grid.learn(first, -1.0)
    assert first not in grid.worst(16)


@given(st.integers(0, 1000), st.integers(2, 12), st.integers(0, 3))
def test_proposals_are_distinct_and_within_the_bounds(seed: int, count: int, rounds: int) -> None:
    proposed = searched(planted, seed=seed, rounds=rounds, count=count).proposed(count)
    assert len(proposed) == len(set(proposed)) == count
    for parameters in proposed:
        assert [name for name, _ in parameters] == list(BOUNDS)
        assert all(BOUNDS[name][0] <= value <= BOUNDS[name][1] for name, value in parameters)


def scored(candidate: Candidate, request: Request, loss: Loss) -> Rescored:
    """The problem's own heuristic costs 100 everywhere, as the best textbook rule does, and others what they lose."""
    results = tuple(
        InstanceResult(
            instance=f"{family.family}-{place}",
            family=family.family,
            status=Status.OK,
            cost=100.0 + (loss(family.parameters, place) if candidate.id else 0.0),
            reference=100.0,
        )
        for family in request.varied
        for place in range(family.instances)
    )
    evaluation = replace(candidate.evaluation, results=results, epoch=request.epoch)
    return Rescored(candidate=replace(candidate, evaluation=evaluation))


def bred(number: int, request: Request) -> Candidate:
    evaluation = Evaluation(status=Status.OK, objective=10.0 - number, objective_kind="gap_percent", split="train")
    return Candidate(
        id=number,
        code=f"code {number}",
        thought="",
        operator=request.operator,
        parents=(),
        evaluation=replace(evaluation, epoch=request.epoch),
    )


def played(loss: Loss, *, requests: int = 60, seed: int = 1, **config: int) -> list[Request]:
    """All requests of a search of random sampling with epochs of four candidates, on ten training instances."""
    family = InstanceResult(instance="a", family="small", status=Status.OK, cost=100.0, reference=100.0)
    own = Evaluation(status=Status.OK, objective=20.0, objective_kind="gap_percent", split="train", results=(family,) * 10)
    baseline = Candidate(id=0, code="own", thought="", operator="baseline", parents=(), evaluation=own)
    strategy = HardResampling(
        RandomConfig().build(baseline, random.Random(1)),
        baseline,
        4,
        config=HardInstancesConfig(**config),
        variations=BOUNDS,
        rng=random.Random(seed),
    )
    asked = []
    for number in range(1, requests + 1):
        request = strategy.ask()
        assert request is not None
        asked.append(request)
        outcome = scored(request.parents[0], request, loss) if request.operator == "rescore" else bred(number, request)
        strategy.tell(request, outcome)
    return asked


def test_the_champion_is_tried_before_an_epoch_and_what_it_loses_on_joins_it() -> None:
    asked = played(planted)
    trials = [request for request in asked if request.is_trial]
    assert {request.operator for request in trials} == {"rescore"}
    assert {len(request.varied) for request in trials} == {8}
    assert [request.parents[0].id for request in trials[:2]] == [4, 0]  # the best of the first four, and the problem's own
    joined = [request for request in asked if request.varied and not request.is_trial]
    assert joined
    for request in joined:
        assert all(0.4 <= dict(family.parameters)["mean"] <= 0.5 for family in request.varied)
        hard = sum(family.instances for family in request.varied)
        assert 0 < hard / (hard + 10) <= 0.3
    epochs = [request.epoch for request in asked]
    assert epochs == sorted(epochs)
    assert not {request.epoch for request in trials} & {request.epoch for request in joined}
    mixes = {request.epoch: request.varied for request in asked}
    assert all(request.varied == mixes[request.epoch] for request in asked)  # all of an epoch are scored on the same


def test_where_nothing_is_lost_nothing_joins() -> None:
    asked = played(no_difference)
    assert [request for request in asked if request.is_trial]
    assert not [request for request in asked if request.varied and not request.is_trial]


def test_equal_seeds_try_and_mix_the_same() -> None:
    assert played(planted) == played(planted)
    assert played(planted) != played(planted, seed=2)


def test_it_is_tried_before_every_so_many_epochs() -> None:
    trials = [request.epoch for request in played(planted, every=2) if request.is_trial]
    assert trials == [1, 1, 4, 4, 7, 7][: len(trials)]


def test_the_name_of_a_family_says_its_parameters() -> None:
    assert VariedFamily(parameters=(("mean", 0.425), ("spread", 1.0)), instances=3).family == "varied-mean-0.425-spread-1"
