"""The rivals of a statistical race.

They are the best candidates that were told before a request was made.

So a race depends on the log alone, and runs can be repeated and resumed.
"""

import bisect
from dataclasses import dataclass, replace
from typing import NamedTuple

from pydantic import Field

from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.code.program import measures
from evoheur.components import Config
from evoheur.errors import ConfigError
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.statistical_race import StatisticalRace, race_order
from evoheur.request import Outcome, RequestKind, Rescored

__all__ = ["RaceCourse", "Rivals", "StatisticalRacingConfig", "check_race", "stopped_in"]


class StatisticalRacingConfig(Config):
    """Statistical racing (Birattari et al. 2002; AdaEva)."""

    rivals: int = Field(default=10, ge=2, le=100)
    """A candidate is dropped where so many of the best told before all beat it significantly; take the size of the population. Until so
    many are known, all are scored on all instances."""
    first: int = Field(default=5, ge=3)
    """After how many instances the first test is held. AdaEva: 5."""
    tests: int = Field(default=2, ge=1)
    """How many tests are held, one more after each instance, before a candidate is scored on all. AdaEva: a race ends after 2 tests that
    drop nobody."""
    level: float = Field(default=0.05, gt=0, lt=0.5)
    """Level of significance of Friedman's test and of each comparison after it. AdaEva: 0.05."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceCourse:
    """What racing saved.

    Attributes:
        candidates: How many were scored and did not fail, those that were stopped early included.
        stopped: How many of them were stopped before their last instance.
        solved: Instances that all of them solved together.
        saved: Instances that were not solved, since a candidate was stopped.
    """

    candidates: int
    stopped: int
    solved: int
    saved: int


def check_race(config: StatisticalRacingConfig, train: InstanceSet) -> None:
    """See that there is something to save.

    Raises:
        ConfigError: The first test comes after all training instances.
    """
    if len(train.instances) <= config.first:
        raise ConfigError(
            f"evaluation.statistical_racing: the first test comes after {config.first} instances, and train has {len(train.instances)}; "
            "lower evaluation.statistical_racing.first, take more training instances, or leave the race out."
        )


class _Rival(NamedTuple):
    told: int  # sequence in the log
    objective: float
    number: int
    costs: tuple[float, ...]


class Rivals:
    """The best candidates at every moment of the log.

    And what racing against them saved.

    Args:
        config: Of the race.
    """

    def __init__(self, config: StatisticalRacingConfig) -> None:
        self._config = config
        self._epoch = 0
        self._history: list[_Rival] = []  # all that ever were among the best, as they were told
        self._best: list[_Rival] = []  # of the newest moment, best first
        self._instances = 0  # that a whole evaluation has
        self._candidates = self._stopped = self._solved = self._saved = 0

    def told(self, kind: RequestKind, epoch: int, sequence: int, outcome: Outcome) -> None:
        """Take note of an outcome.

        Those beside the search, and the problem's own heuristic, are no rivals.

        Args:
            kind: Of its request; only what a model bred is raced, and counts in the course.
            epoch: Of its training instances; costs on others do not compare.
            sequence: In the log; rising.
            outcome: As it was told: the same live and replayed.
        """
        if isinstance(outcome, Rescored):
            self._known(epoch, sequence, outcome.candidate)
        elif isinstance(outcome, Candidate) and kind.is_search:
            self._known(epoch, sequence, outcome)
            if kind.asks_model and outcome.duplicate_of is None:
                self._count(outcome.evaluation)

    def _known(self, epoch: int, sequence: int, candidate: Candidate) -> None:
        if epoch > self._epoch:
            self._epoch = epoch
            self._history, self._best = [], []
        costs = candidate.evaluation.behaviour
        if candidate.objective is not None and costs and candidate.id and epoch == self._epoch:
            self._instances = len(costs)
            self._admit(_Rival(sequence, candidate.objective, candidate.id, costs))

    def _count(self, evaluation: Evaluation) -> None:
        if evaluation.status in {Status.OK, Status.PRUNED} and evaluation.results:
            self._candidates += 1
            self._stopped += evaluation.status is Status.PRUNED
            self._solved += len(evaluation.results)
            self._saved += max(0, self._instances - len(evaluation.results))

    def _admit(self, rival: _Rival) -> None:
        if any(rival.costs == other.costs for other in self._best):
            return  # a copy would stand for two, and beat nobody that the other does not beat
        best = sorted([*self._best, rival], key=_by_worth)[: self._config.rivals]
        if rival in best:
            self._history.append(rival)
            self._best = best

    def race(self, train: InstanceSet, asked: int) -> StatisticalRace | None:
        """The race of a candidate.

        None while there are too few rivals.

        Args:
            train: The training instances of its epoch.
            asked: Sequence of its request in the log.
        """
        earlier = self._history[: bisect.bisect_left(self._history, asked, key=lambda rival: rival.told)]
        best = sorted(earlier, key=_by_worth)[: self._config.rivals]
        if train.epoch != self._epoch or len(best) < self._config.rivals:
            return None
        config = self._config
        return StatisticalRace(
            rivals=tuple(rival.costs for rival in best), first=config.first, tests=config.tests, level=config.level
        )

    def course(self) -> RaceCourse:
        """What racing saved so far, over all epochs."""
        return RaceCourse(candidates=self._candidates, stopped=self._stopped, solved=self._solved, saved=self._saved)


def stopped_in(race: StatisticalRace, train: InstanceSet, code: str, evaluation: Evaluation) -> Evaluation:
    """A whole evaluation as the race would have left it.

    It may have been made for another request of the same code, with other rivals or none. What a request gets follows from itself.
    """
    if evaluation.status is not Status.OK:
        return evaluation
    order = race_order(train.instances, race.most)
    results = [evaluation.results[place] for place in order]
    solved, detail = race.in_order(order).first_verdict([result.cost or 0.0 for result in results])
    if not solved:
        return evaluation
    return replace(
        evaluation,
        status=Status.PRUNED,
        objective=None,
        objective_kind=None,
        aggregate=None,
        results=tuple(results[:solved]),
        measures=measures(code),
        detail=detail,
    )


def _by_worth(rival: _Rival) -> tuple[float, int]:
    return rival.objective, rival.number
