"""The funnel: candidates are scored on a few training instances first, and only the better share goes on.

After Lion's funnel (recalled from its paper): stages grow, and the last one is all training instances. The bar of a stage follows from the
candidates that were told before a candidate was asked for, as far as they came to that stage, so that runs can be repeated and resumed.
"""

import bisect
import itertools
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from evoheur.candidate import Evaluation, InstanceResult, Status
from evoheur.components import Config, nearest
from evoheur.errors import ConfigError
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.objective import fold
from evoheur.problem import Aggregate

__all__ = ["Funnel", "FunnelCourse", "FunnelStage", "check_stages", "spearman"]

_AMONG = 50  # candidates told last; older ones say little, since the search has become better
_FEWEST_PAIRS = 3  # of objectives, for a correlation
_LEAST = 10  # before so many have come to a stage, all go on

_Scoring: TypeAlias = Callable[[int, InstanceSet], Awaitable[Evaluation]]
"""Number of the stage, from 1, and its instances → the evaluation on them."""


class FunnelStage(Config):
    """A stage of the funnel."""

    instances: int = Field(ge=1)
    """At most so many of the training instances: the first of every family, then the second ones, and so on."""
    families: tuple[str, ...] = ()
    """The families that they are taken from; all, if none is named. So a first stage may have small instances only."""
    keep: float = Field(default=0.5, gt=0.0, lt=1.0)
    """The share that goes on: candidates as good as the best of so many of the last 50 that came to this stage. The first 10 all go on."""

    def of(self, train: InstanceSet) -> InstanceSet:
        """The instances of the stage."""
        return train.of_families(self.families).few(self.instances) if self.families else train.few(self.instances)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelCourse:
    """How candidates went through one stage of a funnel.

    Attributes:
        instances: How many the stage has; the last stage is all training instances.
        candidates: How many came to it and worked there.
        spearman: Rank correlation of their objectives in this stage and in the next one, over those that were scored in both; None where
            that is not known.
    """

    instances: int
    candidates: int
    spearman: float | None


class _Worth(NamedTuple):
    told: int  # sequence in the log
    value: float


def check_stages(stages: Sequence[FunnelStage], train: InstanceSet) -> None:
    """Check that stages can be made of training instances, and grow.

    Raises:
        ConfigError: There is no such family, or a stage is no larger than the one before, or as large as the training set.
    """
    known = list(dict.fromkeys(instance.family for instance in train.instances))
    sizes = []
    for number, stage in enumerate(stages, 1):
        for family in stage.families:
            if family not in known:
                raise ConfigError(
                    f"evaluation.funnel: stage {number} names the family {family!r}{nearest(family, known)}, which is none of train; there "
                    f"are: {', '.join(known)}."
                )
        sizes.append(len(stage.of(train).instances))
    for number, (size, following) in enumerate(zip(sizes, [*sizes[1:], len(train.instances)], strict=True), 1):
        if size >= following:
            then = f"stage {number + 1}" if number < len(sizes) else "train"
            raise ConfigError(
                f"evaluation.funnel: stage {number} has {size} instances and {then} has {following}; stages must grow, so name fewer in "
                f"stage {number}, or leave it out."
            )


class Funnel:
    """Lets the better share of candidates on, stage by stage.

    All of it is of one epoch: objectives on other instances do not compare.

    Args:
        stages: In their order; the last one is followed by all training instances.
        aggregate: How the problem makes one number of its instances' costs.
    """

    def __init__(self, stages: Sequence[FunnelStage], aggregate: Aggregate) -> None:
        self._stages = tuple(stages)
        self._aggregate = aggregate
        self._begin(0)

    def _begin(self, epoch: int) -> None:
        self._epoch = epoch
        self._sets: tuple[InstanceSet, ...] = ()
        self._heard: list[tuple[int, Evaluation]] = []  # with their sequence; taken in when instances are at hand
        self._worths: list[list[_Worth]] = [[] for _ in (*self._stages, None)]  # of all stages, and of all instances
        self._pairs: list[list[tuple[float, float]]] = [[] for _ in self._stages]

    def told(self, epoch: int, sequence: int, evaluation: Evaluation) -> None:
        """Take note of a candidate that went through.

        Args:
            epoch: Of its training instances.
            sequence: Of its outcome in the log; rising.
            evaluation: As it was told: the same live and replayed.
        """
        if epoch > self._epoch:
            self._begin(epoch)
        if epoch == self._epoch:
            self._heard.append((sequence, evaluation))

    async def dropped(
        self, train: InstanceSet, asked: int, score: _Scoring
    ) -> tuple[Evaluation | None, Sequence[InstanceResult]]:
        """Score a candidate stage by stage.

        Args:
            train: The training instances of its epoch.
            asked: Sequence of its request in the log.
            score: Scores it.

        Returns:
            Its evaluation, if it fails or is dropped; and what came of the instances of all stages.
        """
        results: dict[str, InstanceResult] = {}
        for number, instances in enumerate(self._taken_in(train), 1):
            evaluation = await score(number, instances)
            results.update((result.instance, result) for result in evaluation.results)
            if evaluation.status is not Status.OK:
                return evaluation, ()
            worth, bar = fold(evaluation.results, self._aggregate).value, self._bar(number, asked)
            if bar is not None and worth > bar:
                detail = (
                    f"{worth:.5g} on {len(instances.instances)} of {len(train.instances)} instances (stage {number} of the funnel), where "
                    f"{bar:.5g} goes on"
                )
                out = replace(evaluation, status=Status.PRUNED, objective=None, objective_kind=None, detail=detail)
                return replace(out, results=_in_order(train, results)), ()
        return None, tuple(results.values())

    def with_results(self, train: InstanceSet, evaluation: Evaluation, results: Sequence[InstanceResult]) -> Evaluation:
        """An evaluation that was cut short, with the results of the stages; any other stays as it is."""
        if evaluation.status is not Status.PRUNED:
            return evaluation
        known = {result.instance: result for result in (*results, *evaluation.results)}
        return replace(evaluation, results=_in_order(train, known))

    def course(self, train: InstanceSet) -> tuple[FunnelCourse, ...]:
        """How the candidates of the epoch went through, all training instances as the last stage.

        Args:
            train: The training instances of the newest epoch.
        """
        sets = (*self._taken_in(train), train)
        correlations = (*(spearman(pairs) for pairs in self._pairs), None)
        return tuple(
            FunnelCourse(instances=len(each.instances), candidates=len(worths), spearman=correlation)
            for each, worths, correlation in zip(sets, self._worths, correlations, strict=True)
        )

    def _bar(self, number: int, asked: int) -> float | None:
        """The worth that goes on, by those told before a request; None while too few have come to the stage."""
        worths = self._worths[number - 1]
        earlier = bisect.bisect_left(worths, asked, key=lambda worth: worth.told)
        values = sorted(worth.value for worth in worths[max(0, earlier - _AMONG) : earlier])
        return values[ceil(self._stages[number - 1].keep * len(values)) - 1] if len(values) >= _LEAST else None

    def _taken_in(self, train: InstanceSet) -> tuple[InstanceSet, ...]:
        """The instances of the stages, after all that was heard is counted."""
        if train.epoch > self._epoch:
            self._begin(train.epoch)
        if not self._sets:
            self._sets = tuple(stage.of(train) for stage in self._stages)
        for sequence, evaluation in self._heard:
            self._count(train, sequence, evaluation)
        self._heard.clear()
        return self._sets

    def _count(self, train: InstanceSet, sequence: int, evaluation: Evaluation) -> None:
        known = {result.instance: result for result in evaluation.results if result.status is Status.OK}
        course: list[float] = []
        for worths, instances in zip(self._worths, (*self._sets, train), strict=True):
            found = [known[each.name] for each in instances.instances if each.name in known]
            if len(found) < len(instances.instances):
                break
            course.append(fold(found, self._aggregate).value)
            worths.append(_Worth(sequence, course[-1]))
        for pairs, pair in zip(self._pairs, itertools.pairwise(course), strict=False):
            pairs.append(pair)


def _in_order(train: InstanceSet, results: Mapping[str, InstanceResult]) -> tuple[InstanceResult, ...]:
    """Results in the order of the training instances."""
    return tuple(results[instance.name] for instance in train.instances if instance.name in results)


def spearman(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Spearman's rank correlation, with mean ranks for ties.

    None for fewer than 3 pairs, or where all of one side are equal.
    """
    if len(pairs) < _FEWEST_PAIRS:
        return None
    first, second = (_ranks(np.array(side)) for side in zip(*pairs, strict=True))
    spread = float(np.sqrt(first.var() * second.var()))
    return float(((first - first.mean()) * (second - second.mean())).mean()) / spread if spread else None


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    # The mean place, in rising order, of all that are equal to each value.
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    ranks: NDArray[np.float64] = (last - (count - 1) / 2.0)[place]
    return ranks
