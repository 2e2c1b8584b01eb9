"""Training instances that keep hurting, around any strategy that takes fresh ones.

Trusted code draws all instances; what evolves are the parameters that it draws them with, within bounds that the problem declares.
Before an epoch begins, the champion is tried on some parameters, those it lost most with among them: its regret is by how much it is worse
there than the best of the textbook rules and the problem's own heuristic. A grid over two of the parameters keeps the worst of every cell,
and the worst cells join the epoch's instances. In the manner of methods that breed instances beside heuristics, such as environment design
by regret (Jackson et al. 2023, arXiv:2310.02782).
"""

import math
import random
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from pydantic import Field

from evoheur.candidate import Candidate, InstanceResult
from evoheur.components import Config
from evoheur.request import Request, VariedFamily
from evoheur.strategies.resampling import Resampling
from evoheur.strategies.strategy import Strategy

__all__ = ["LEAST_SAMPLE", "HardInstancesConfig", "HardResampling", "Parameters", "RegretGrid", "shrunk_regret"]

Parameters: TypeAlias = tuple[tuple[str, float], ...]
"""Name and value of every parameter, in the problem's order."""

LEAST_SAMPLE = 8
"""Instances below which a mean loss says too little."""
_STEP = 0.15  # of a parameter's range: deviation of a mutation
_DIGITS = 4  # of a parameter, so that a family's name says all of it


class HardInstancesConfig(Config):
    """Families of instances that the champion loses on, drawn anew for every epoch."""

    every: int = Field(default=1, ge=1)
    """The champion is tried before every so many epochs of `train.resample`."""
    trials: int = Field(default=8, ge=2)
    """On so many parameter vectors each time: a quarter of them are those it lost most with, the others are mutated or drawn at random."""
    instances: int = Field(default=8, ge=LEAST_SAMPLE)
    """With so many instances each. They are not in the budget: 8 times 8 instances are one evaluation on 64."""
    cells: int = Field(default=3, ge=1)
    """So many of the worst cells of the grid join the training instances at the most."""
    share: float = Field(default=0.3, gt=0.0, le=0.3)
    """Of the training instances that these are at the most; all old families stay."""
    bins: int = Field(default=4, ge=2)
    """Of either parameter that the grid is laid over, the first two of the problem."""


def shrunk_regret(losses: Sequence[float]) -> float | None:
    """Mean loss less its standard error, in percent; None for fewer than 8 instances.

    Args:
        losses: On every instance, in percent of what the best other heuristic costs; below 0 where the champion is better.
    """
    if len(losses) < LEAST_SAMPLE:
        return None
    return statistics.fmean(losses) - statistics.stdev(losses) / math.sqrt(len(losses))


@dataclass(frozen=True, slots=True)
class _Cell:
    parameters: Parameters
    regret: float


class RegretGrid:
    """The parameters that the champion lost most with, by cells of a grid.

    Args:
        variations: Name of a parameter → its bounds, in order; at least one.
        bins: Of either axis.
        rng: Draws what is tried.
    """

    def __init__(self, variations: Mapping[str, tuple[float, float]], bins: int, rng: random.Random) -> None:
        self._variations = dict(variations)
        self._bins = bins
        self._rng = rng
        self._cells: dict[tuple[int, ...], _Cell] = {}

    def proposed(self, count: int) -> list[Parameters]:
        """Distinct parameters to try: a quarter are the worst known again, since another champion may do better there.

        The others are mutations of known ones with a regret, and as many again, or all where there are none, drawn at random.
        """
        known = self.worst(len(self._cells))
        wanted = dict.fromkeys(known[: count // 4])
        mutated = (count - len(wanted)) // 2 if known else 0
        while len(wanted) < count:
            wanted.setdefault(self._mutated(self._rng.choice(known)) if mutated > 0 else self._drawn())
            mutated -= 1
        return list(wanted)

    def learn(self, parameters: Parameters, regret: float) -> None:
        """Take note of a regret, in percent.

        Of new parameters where it is the largest of the cell, of known ones in any case.
        """
        cell = self._cell(parameters)
        held = self._cells.get(cell)
        if held is None or held.parameters == parameters or regret > held.regret:
            self._cells[cell] = _Cell(parameters, regret)

    def worst(self, count: int) -> list[Parameters]:
        """The parameters of so many cells with the largest regrets above 0, largest first."""
        losing = sorted(
            (cell for cell in self._cells.values() if cell.regret > 0), key=lambda cell: (-cell.regret, cell.parameters)
        )
        return [cell.parameters for cell in losing[:count]]

    def _cell(self, parameters: Parameters) -> tuple[int, ...]:
        places = []
        for name, value in parameters[:2]:
            low, high = self._variations[name]
            places.append(min(int(self._bins * (value - low) / (high - low)), self._bins - 1))
        return tuple(places)

    def _drawn(self) -> Parameters:
        return tuple((name, _rounded(self._rng.uniform(low, high), low, high)) for name, (low, high) in self._variations.items())

    def _mutated(self, parameters: Parameters) -> Parameters:
        changed = []
        for name, value in parameters:
            low, high = self._variations[name]
            changed.append((name, _rounded(self._rng.gauss(value, _STEP * (high - low)), low, high)))
        return tuple(changed)


def _rounded(value: float, low: float, high: float) -> float:
    return min(max(float(f"{value:.{_DIGITS}g}"), low), high)


class HardResampling(Resampling):
    """A strategy whose training instances are partly such as its champion loses on.

    Args:
        strategy: Breeds; its configuration says `takes_new_worth`.
        baseline: The problem's own heuristic, evaluated on all training instances.
        every: How many candidates make an epoch.
        config: How hard instances are looked for.
        variations: Name of a parameter → its bounds, as the problem declares them.
        rng: Draws what is tried.
    """

    def __init__(
        self,
        strategy: Strategy,
        baseline: Candidate,
        every: int,
        *,
        config: HardInstancesConfig,
        variations: Mapping[str, tuple[float, float]],
        rng: random.Random,
    ) -> None:
        super().__init__(strategy, baseline, every)
        self._config = config
        self._grid = RegretGrid(variations, config.bins, rng)
        self._most = math.floor(config.share / (1.0 - config.share) * len(baseline.evaluation.results))
        self._mix: tuple[VariedFamily, ...] = ()
        self._tried: tuple[VariedFamily, ...] = ()
        self._champion: Candidate | None = None
        self._begun = 0  # epochs of breeding that were begun, to try before every so many

    def ask(self) -> Request | None:
        """What the strategy or the new epoch asks for, with the families that its instances are drawn of."""
        request = super().ask()
        if request is None:
            return None
        return replace(request, varied=self._tried or self._mix, is_trial=bool(self._tried))

    def _begin_epoch(self) -> None:
        working = [member for member in self._strategy.members() if member.objective is not None]
        if self._begun % self._config.every == 0 and working:
            self._champion = min(working, key=lambda member: (member.objective, member.id))
            self._tried = tuple(
                VariedFamily(parameters=parameters, instances=self._config.instances)
                for parameters in self._grid.proposed(self._config.trials)
            )
            self._begin_scoring([self._champion, self._baseline])
        else:
            self._begin_breeding()

    def _scored(self) -> None:
        if self._champion is None:
            super()._scored()
            return
        champion, own = self._renewed(self._champion), self._renewed(self._baseline)
        for family in self._tried:
            regret = shrunk_regret(_losses(family.family, champion, own))
            if regret is not None:
                self._grid.learn(family.parameters, regret)
        self._champion, self._tried = None, ()
        self._mix = self._mixed()
        self._begin_breeding()

    def _begin_breeding(self) -> None:
        self._begun += 1
        super()._begin_epoch()

    def _mixed(self) -> tuple[VariedFamily, ...]:
        joining = self._grid.worst(min(self._config.cells, self._most))
        return tuple(VariedFamily(parameters=each, instances=self._most // len(joining)) for each in joining)


def _losses(family: str, champion: Candidate, own: Candidate) -> list[float]:
    """By how much the champion costs more than the best other heuristic, in percent, on the instances of a family.

    The reference of an instance that is tried on is what the best textbook rule costs there. Nothing, where one of the two failed.
    """
    others: dict[str, InstanceResult] = {result.instance: result for result in own.evaluation.results}
    known: dict[str, list[float]] = defaultdict(list)
    for result in champion.evaluation.results:
        other = others.get(result.instance)
        costs = [] if other is None or other.cost is None else [other.cost]
        best = min([*costs, *([] if result.reference is None else [result.reference])], default=None)
        if result.family == family and result.cost is not None and best:
            known[family].append(100.0 * (result.cost - best) / abs(best))
    return known[family]
