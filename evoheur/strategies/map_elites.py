"""MAP-Elites: the best heuristic of every kind.

Kinds are cells of a grid over measures of the code.

Source: Jean-Baptiste Mouret and Jeff Clune 2015, "Illuminating search spaces by mapping elites" (arXiv 1504.04909). After a first batch of
random solutions, the elite of an evenly random occupied cell is varied, and the result replaces the elite of its own cell if it is better.

Measures are those of `Evaluation.measures`, which are read off the syntax tree (nodes, branches, loops, calls, lines, constants) and thus
equal in every process, any other name that an evaluation has there, and `cpu_seconds`. The last depends on the machine and on what else it
does: with it, a run is replayed but never repeated, so it is for whoever asks for it (try {low: 0.01, high: 100, cells: 10, scale: log2}).
A measure that a candidate does not have counts as 0.

How ours differs. The paper varies solutions by mutation, crossover or both and leaves the operators to the domain; here a model is asked
to change one elite ("mutate") or to unite two of different cells ("combine"). The method has no barrier: the asynchronous run is the
published one, except that parents are drawn before the outcomes in flight are known. Where nothing of the first batch works, invention
goes on.
"""

import random
from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal, TypeAlias, get_args

from pydantic import Field, model_validator

from evoheur.candidate import Candidate
from evoheur.request import Outcome, Request
from evoheur.strategies.mate_choice import MateSetting, mates_by
from evoheur.strategies.measure_grid import DEFAULT_GRID, Bins, Grid
from evoheur.strategies.niche_grid import NICHE_AXIS, NicheGrid
from evoheur.strategies.niches import NichesConfig
from evoheur.strategies.strategy import BASELINE_SHOWN, OperatorCard, Strategy, StrategyConfig
from evoheur.strategies.structure import ElitesInGrid

__all__ = ["MapElites", "MapElitesConfig"]

Operator: TypeAlias = Literal["mutate", "combine"]
Weight: TypeAlias = Annotated[float, Field(ge=0, allow_inf_nan=False)]

_OPERATORS: tuple[Operator, ...] = get_args(Operator)


class MapElitesConfig(StrategyConfig):
    """MAP-Elites (Mouret and Clune 2015)."""

    catalogue: ClassVar[Mapping[str, OperatorCard]] = {
        "i1": OperatorCard(summary="invent without parents", context=BASELINE_SHOWN),
        "mutate": OperatorCard(edits=True, summary="change an elite", variation="vary", parents=(1, 1), context=BASELINE_SHOWN),
        "combine": OperatorCard(
            summary="unite two elites of different cells", variation="vary", parents=(2, 2), context=BASELINE_SHOWN
        ),
    }

    takes_new_worth = True
    kind: Literal["map_elites"] = "map_elites"

    grid: Annotated[Mapping[str, Bins], Field(min_length=1)] = Field(default_factory=lambda: dict(DEFAULT_GRID))
    """Measure → its cells: their edges as a list, or {low, high, cells, scale: linear or log2}. Values out of range count to the cell at
    that border. The paper leaves measures and cells to the domain; the default is ours, `nodes` by `calls`, 70 cells."""

    initial: int = Field(default=20, ge=1)
    """How many i1 requests come first, G in the paper, which leaves the number to the domain."""

    operators: Mapping[Operator, Weight] = Field(default_factory=lambda: dict.fromkeys(_OPERATORS, 1.0))
    """Operator → weight, at least 0: how often it is drawn; what is not named is not used. While there are not two elites to combine,
    "mutate" stands in."""

    mate: MateSetting = "published"
    """Who "combine" shows beside the first elite: "published", that of another cell, all alike; or one by "rank", by "distance" of
    costs, or as a "complement"."""

    niches: NichesConfig | None = None
    """Whether what heuristics are good at, or how they are written, is a further axis of the grid, such as {by: costs, count: 4}. Parents
    then come from a niche drawn evenly, and "combine" unites two niches (after PartEvo)."""

    show_baseline_body: bool = False
    """Whether prompts show the problem's own heuristic with its body."""

    @model_validator(mode="after")
    def _can_breed(self) -> "MapElitesConfig":
        if not any(weight > 0 for weight in self.operators.values()):
            raise ValueError(f"operators {dict(self.operators)} has no positive weight; give one to mutate or combine")
        if self.niches is not None and NICHE_AXIS in self.grid:
            raise ValueError(f"grid names the measure {NICHE_AXIS!r}, which niches has as its axis; leave one out")
        return self

    def build(self, baseline: Candidate, rng: random.Random) -> "MapElites":  # noqa: ARG002 - it begins with inventions
        """Make the strategy; the baseline is not among its elites."""
        return MapElites(self, rng)


class MapElites(Strategy):
    """MAP-Elites in steady state; it never waits."""

    def __init__(self, config: MapElitesConfig, rng: random.Random) -> None:
        self._rng = rng
        self._context = {"baseline": "body" if config.show_baseline_body else "header"}
        self._weights = [config.operators.get(operator, 0.0) for operator in _OPERATORS]
        self._initial_left = config.initial
        self._mate = config.mate
        self._grid = Grid(config.grid) if config.niches is None else NicheGrid(config.grid, config.niches)

    def ask(self) -> Request:
        """An invention, or a variation of one elite or two.

        It is an invention at first and while there is no elite.
        """
        if self._initial_left or not self._grid.elites:
            self._initial_left = max(0, self._initial_left - 1)
            return Request(operator="i1", context=self._context)
        [operator] = self._rng.choices(_OPERATORS, self._weights)
        if len(self._grid.elites) == 1:
            operator = "mutate"
        return Request(operator=operator, parents=self._parents(operator), context=self._context)

    def _parents(self, operator: str) -> tuple[Candidate, ...]:
        if operator != "combine" or self._mate == "published":
            return self._grid.draw(2 if operator == "combine" else 1, self._rng)
        [first] = self._grid.draw(1, self._rng)
        ranked = sorted(self._grid.mates_of(first), key=lambda elite: elite.objective or 0.0)
        return (first, *mates_by(self._mate, first, ranked, 1, self._rng))

    def tell(self, request: Request, outcome: Outcome) -> None:  # noqa: ARG002 - a candidate's cell follows from itself
        """Take a candidate into the grid if it is the best of its cell."""
        if isinstance(outcome, Candidate):
            self.immigrate(outcome)

    def immigrate(self, candidate: Candidate) -> None:
        """Take it into the grid if it is the best of its cell."""
        self._grid.add(candidate)

    def structure(self) -> ElitesInGrid:
        """The grid."""
        return self._grid.structure()

    def rescored(self, fresh: Mapping[int, Candidate]) -> None:
        """Lay the elites out anew; a cell whose elite failed is empty."""
        self._grid.refile([fresh[elite.id] for elite in self._grid.elites.values()])

    def elites(self) -> Sequence[Candidate]:
        """The elites of all cells, best first."""
        return tuple(sorted(self._grid.elites.values(), key=lambda elite: elite.objective or 0.0))
