"""Rivals by hand: who they are at which moment, and what is counted."""

from dataclasses import replace

import pytest

from evoheur.candidate import Candidate, InstanceResult, Status
from evoheur.errors import ConfigError
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.problem_loading import load_problem
from evoheur.request import Failure, RequestKind, Rescored
from evoheur.run.rivals import RaceCourse, Rivals, StatisticalRacingConfig, check_race, stopped_in
from tests.evoheur.strategies.support.scored import scored_candidate

CONFIG = StatisticalRacingConfig(rivals=2, first=3, tests=1)


@pytest.fixture(scope="module")
def train(scheduling: str) -> InstanceSet:
    """Four instances."""
    return InstanceSet.of_split(load_problem(scheduling), "train")


def gaps(rivals: Rivals, train: InstanceSet, asked: int) -> list[float] | None:
    """The rivals' gaps on the first instance, by which they are told apart."""
    race = rivals.race(train, asked)
    return None if race is None else [round(100 * (costs[0] - 1)) for costs in race.rivals]


def told(rivals: Rivals, sequence: int, gap: float, *, kind: RequestKind = RequestKind.MODEL, epoch: int = 0) -> Candidate:
    candidate = scored_candidate(sequence, [gap] * 4)
    rivals.told(kind, epoch, sequence, candidate)
    return candidate


def test_rivals_are_the_best_that_were_told_before_a_request(train: InstanceSet) -> None:
    """What is told later does not matter to it, nor what is a copy, failed, or was made beside the search."""
    rivals = Rivals(CONFIG)
    told(rivals, 3, 5.0)
    assert gaps(rivals, train, 9) is None, "too few"
    told(rivals, 5, 7.0)
    told(rivals, 6, 5.0)
    told(rivals, 7, 1.0, kind=RequestKind.TUNING_BESIDE)
    rivals.told(RequestKind.MODEL, 0, 8, Failure(stage="parsing", reason="no-code", detail="made up"))
    told(rivals, 10, 4.0)
    told(rivals, 12, 6.0)
    assert gaps(rivals, train, 5) is None
    assert gaps(rivals, train, 6) == [5, 7]
    assert gaps(rivals, train, 10) == [5, 7]
    assert gaps(rivals, train, 11) == [4, 5]
    assert gaps(rivals, train, 99) == [4, 5]


def test_an_epoch_begins_with_what_is_scored_again(train: InstanceSet) -> None:
    rivals = Rivals(CONFIG)
    told(rivals, 1, 5.0)
    told(rivals, 2, 7.0)
    for sequence, number in ((3, 0), (4, 1), (5, 2)):
        again = replace(scored_candidate(number, [float(sequence)] * 4))
        rivals.told(RequestKind.RESCORING, 1, sequence, Rescored(candidate=again))
    assert gaps(rivals, replace(train, epoch=1), 9) == [4, 5], "the problem's own heuristic is none"
    assert gaps(rivals, train, 9) is None


def test_the_course_counts_what_a_model_bred(train: InstanceSet) -> None:
    rivals = Rivals(CONFIG)
    whole = told(rivals, 1, 5.0)
    told(rivals, 2, 6.0, kind=RequestKind.WARM_START)
    cut = replace(
        whole.evaluation, status=Status.PRUNED, objective=None, objective_kind=None, results=whole.evaluation.results[:3]
    )
    rivals.told(RequestKind.MODEL, 0, 3, replace(whole, id=3, evaluation=cut))
    rivals.told(RequestKind.MODEL, 0, 4, replace(whole, id=4, duplicate_of=1))
    assert rivals.course() == RaceCourse(candidates=2, stopped=1, solved=7, saved=1)


def test_a_whole_evaluation_is_cut_as_the_race_would_have_left_it(train: InstanceSet) -> None:
    """Three of the four instances, in the order of the race; one that keeps up stays whole."""
    rivals = Rivals(CONFIG)
    told(rivals, 1, 1.0)
    told(rivals, 2, 2.0)
    race = rivals.race(train, 9)
    assert race is not None
    names = [instance.name for instance in train.instances]

    def scored(gap: float) -> Candidate:
        made = scored_candidate(7, [gap] * 4)
        results = tuple(
            InstanceResult(instance=name, family="all", status=Status.OK, cost=result.cost, reference=1.0)
            for name, result in zip(names, made.evaluation.results, strict=True)
        )
        return replace(made, evaluation=replace(made.evaluation, results=results))

    good, bad = scored(1.5), scored(9.0)
    assert stopped_in(race, train, good.code, good.evaluation) is good.evaluation
    cut = stopped_in(race, train, bad.code, bad.evaluation)
    assert (cut.status, cut.objective, len(cut.results)) == (Status.PRUNED, None, 3)
    assert {result.instance for result in cut.results} < set(names)
    assert cut.detail.startswith("significantly worse than all 2 rivals after 3 of 4 instances")


def test_a_race_that_saves_nothing_is_refused(train: InstanceSet) -> None:
    with pytest.raises(ConfigError, match="the first test comes after 5 instances, and train has 4"):
        check_race(StatisticalRacingConfig(), train)
    check_race(CONFIG, train)
