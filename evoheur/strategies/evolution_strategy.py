"""The (µ + λ) and (µ, λ) evolution strategies; (1+1) by default, the plain loop that every comparison contains.

Sources: Hans-Georg Beyer and Hans-Paul Schwefel 2002, "Evolution strategies – A comprehensive introduction" (doi:10.1023/A:1015059928466),
for µ, λ, plus and comma. Niki van Stein and Thomas Bäck 2024, "LLaMEA: A Large Language Model Evolutionary Algorithm for Automatically
Generating Metaheuristics" (arXiv 2405.20132), for an evolution strategy whose mutation is one instruction to a model, drawn from a list.
Rui Zhang et al. 2024, "Understanding the Importance of Evolutionary Search in Automated Heuristic Design with Large Language Models"
(arXiv 2407.10873), for (1+1) from the problem's own heuristic as the arm to compare methods with.

A generation: λ children, each of one parent drawn evenly and with replacement; then the µ best of parents and children (plus), or of the
children alone (comma), are the next parents. A child that is as good as a parent takes precedence over it, as usual with (1+1), so that a
search can drift over heuristics of equal worth.

How ours differs. By default nothing waits: children are drawn from the parents of the moment, and a generation ends with the λth outcome,
whichever request it answers; `generational: true` waits for all, and with one request in flight the two are the same. Copies of code are
one member. Where no child of a generation works, a comma strategy keeps its parents, as it would otherwise have none.
"""

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, TypeAlias, get_args

from pydantic import Field, model_validator

from evoheur.candidate import Candidate
from evoheur.request import Outcome, Request
from evoheur.strategies.selection import renewed
from evoheur.strategies.strategy import BASELINE_SHOWN, OperatorCard, Strategy, StrategyConfig

__all__ = ["EsConfig", "EvolutionStrategy", "is_plain_loop"]

Operator: TypeAlias = Literal["refine", "retune", "simplify", "renew"]
Weight: TypeAlias = Annotated[float, Field(ge=0, allow_inf_nan=False)]

_OPERATORS: tuple[Operator, ...] = get_args(Operator)
_DEFAULT_OPERATORS: tuple[Operator, ...] = ("refine", "retune", "simplify")


class EsConfig(StrategyConfig):
    """Evolution strategy with plus or comma selection (Beyer and Schwefel 2002; LLaMEA, van Stein and Bäck 2024)."""

    catalogue: ClassVar[Mapping[str, OperatorCard]] = {
        "i1": OperatorCard(summary="invent without parents", context=BASELINE_SHOWN),
        "refine": OperatorCard(
            edits=True, summary="change a step of the parent", variation="mutation", parents=(1, 1), context=BASELINE_SHOWN
        ),
        "retune": OperatorCard(
            edits=True, summary="change its numbers", variation="constants", parents=(1, 1), context=BASELINE_SHOWN
        ),
        "simplify": OperatorCard(
            edits=True, summary="make it simpler", variation="simplify", parents=(1, 1), context=BASELINE_SHOWN
        ),
        "renew": OperatorCard(summary="invent another one beside it", variation="unlike", parents=(1, 1), context=BASELINE_SHOWN),
    }

    takes_new_worth = True
    has_generations = True
    kind: Literal["es"] = "es"

    parents: int = Field(default=1, ge=1)
    """µ, how many heuristics are bred from. LLaMEA's release: 5; the plain loop: 1."""

    children: int = Field(default=1, ge=1)
    """λ, how many outcomes make a generation. LLaMEA's release: 5; the plain loop: 1."""

    selection: Literal["plus", "comma"] = "plus"
    """"plus": the best of parents and children go on, and the best is never lost. "comma": the best of the children alone; needs at least
    as many children as parents."""

    operators: Mapping[Operator, Weight] = Field(default_factory=lambda: dict.fromkeys(_DEFAULT_OPERATORS, 1.0))
    """Operator → weight, at least 0: how often it is drawn; what is not named is not used. LLaMEA draws one of a few instructions evenly;
    "renew", which departs from the parent altogether, is ours to switch on."""

    initial: int = Field(default=0, ge=0)
    """How many i1 requests make the first generation. LLaMEA: µ; 0 needs `seed_with_baseline`."""

    seed_with_baseline: bool = True
    """Whether the problem's own heuristic is a parent from the start, as in the plain loop. LLaMEA: no."""

    show_baseline_body: bool = False
    """Whether prompts show the problem's own heuristic with its body."""

    generational: bool = False
    """Whether the next generation begins only when all outcomes of the present one are there, as published."""

    @model_validator(mode="after")
    def _can_breed(self) -> "EsConfig":
        if not any(weight > 0 for weight in self.operators.values()):
            raise ValueError(
                f"operators {dict(self.operators)} has no positive weight; give at least one of {', '.join(_OPERATORS)}"
            )
        if self.initial == 0 and not self.seed_with_baseline:
            raise ValueError("initial: 0 leaves nothing to breed from; ask for at least 1, or set seed_with_baseline: true")
        if self.selection == "comma" and self.children < self.parents:
            raise ValueError(
                f"selection: comma leaves {self.children} of {self.parents} parents after a generation; ask for at least as many children"
            )
        return self

    @property
    def has_barrier(self) -> bool:
        """Whether generations wait for all their outcomes."""
        return self.generational

    def build(self, baseline: Candidate, rng: random.Random) -> "EvolutionStrategy":
        """Make the strategy."""
        return EvolutionStrategy(self, baseline, rng)


def is_plain_loop(strategy: Mapping[str, Any]) -> bool:
    """Whether it is (1+1) from the problem's own heuristic with the default operators, the arm to compare methods with.

    Args:
        strategy: A strategy's section of a configuration; what it leaves out is as by default.
    """
    free = {"show_baseline_body", "generational"}  # (1+1) is the same search with and without them
    wanted = {key: value for key, value in EsConfig().model_dump(mode="json").items() if key not in free}
    return {key: value for key, value in {**wanted, **strategy}.items() if key not in free} == wanted and "kind" in strategy


class EvolutionStrategy(Strategy):
    """(µ + λ) or (µ, λ), in steady state or by generations.

    The first generation is the initial i1 requests, if there are any; i1 is also what is asked for while nothing works yet. Only by
    generations does it ever wait.
    """

    def __init__(self, config: EsConfig, baseline: Candidate, rng: random.Random) -> None:
        self._config = config
        self._rng = rng
        self._context = {"baseline": "body" if config.show_baseline_body else "header"}
        self._parents = [baseline] if config.seed_with_baseline else []
        self._children: list[Candidate] = []  # of the present generation, in the order they were told
        self._generation = 0 if config.initial else 1
        self._asked = self._told = 0  # in the present generation
        self._initial_left = config.initial

    def ask(self) -> Request | None:
        """A child of one of the parents, or an invention.

        None by generations while outcomes of the present one are missing.
        """
        if self._config.generational and self._asked >= self._size:
            return None
        self._asked += 1
        operator, parents = self._drawn()
        return Request(operator=operator, parents=parents, context=self._context, tag=self._generation, bound=self._bound)

    @property
    def generation(self) -> int:
        """Ends with its last outcome; in steady state the requests that were asked before belong to it, too."""
        return self._generation

    def tell(self, request: Request, outcome: Outcome) -> None:  # noqa: ARG002 - one population: no address is needed
        """Count an outcome towards the present generation, which the last one ends."""
        self._told += 1
        if isinstance(outcome, Candidate):
            self._children.append(outcome)
        if self._told >= self._size or not self._parents:
            self._select()

    def immigrate(self, candidate: Candidate) -> None:
        """Take it among the parents if it is one of the best of them."""
        self._parents = _best([*self._parents, candidate], self._config.parents)

    def rescored(self, fresh: Mapping[int, Candidate]) -> None:
        """Rank by their new worth what goes on; with plus selection the children told so far join the parents."""
        parents, children = renewed(self._parents, fresh), renewed(self._children, fresh)
        if self._config.selection == "plus" or not parents:
            parents, children = [*parents, *children], []
        self._parents, self._children = _best(parents, self._config.parents), children

    def elites(self) -> Sequence[Candidate]:
        """What may go on of the parents and the children of the present generation, best first."""
        everyone = [*self._parents, *self._children]
        return tuple(_best(everyone, self._config.parents if self._config.selection == "plus" else len(everyone)))

    @property
    def _size(self) -> int:
        """How many outcomes make the present generation."""
        return self._config.children if self._generation else self._config.initial

    @property
    def _bound(self) -> float | None:
        """The objective above the worst parent's: with as many parents as may be, plus selection turns it away for good."""
        if self._config.selection == "comma" or len(self._parents) < self._config.parents:
            return None
        worst = self._parents[-1].objective
        return None if worst is None else math.nextafter(worst, math.inf)  # an equal one is still taken in

    def _drawn(self) -> tuple[str, tuple[Candidate, ...]]:
        if self._initial_left or not self._parents:
            self._initial_left = max(0, self._initial_left - 1)
            return "i1", ()
        weights = [self._config.operators.get(operator, 0.0) for operator in _OPERATORS]
        [operator] = self._rng.choices(_OPERATORS, weights)
        return operator, (self._rng.choice(self._parents),)

    def _select(self) -> None:
        """End the generation, unless it was too small to: outcomes that come early only fill an empty place."""
        stay = self._config.selection == "plus" or not self._generation or not _working(self._children)
        self._parents = _best([*(self._parents if stay else []), *self._children], self._config.parents)
        self._children.clear()
        if self._told >= self._size:
            self._generation += 1
            self._told = 0
            self._asked = 0


def _working(candidates: Iterable[Candidate]) -> list[Candidate]:
    return [candidate for candidate in candidates if candidate.objective is not None]


def _best(candidates: Iterable[Candidate], size: int) -> list[Candidate]:
    """The best of those that work, each code once; of equal ones the younger.

    Args:
        candidates: In order of age.
        size: How many at most.
    """
    once: dict[str, tuple[float, Candidate]] = {}
    for candidate in candidates:
        if candidate.objective is not None:
            once.setdefault(candidate.code_hash or candidate.code, (candidate.objective, candidate))
    ranked = sorted(once.values(), key=lambda scored: (scored[0], -scored[1].id))
    return [candidate for _, candidate in ranked[:size]]
