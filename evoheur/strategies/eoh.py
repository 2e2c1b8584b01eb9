"""EoH, Evolution of Heuristics: a population of thoughts and codes.

A language model breeds them.

Source: Fei Liu et al. 2024, "Evolution of Heuristics: Towards Efficient Automatic Algorithm Design Using Large Language Model", ICML
(arXiv 2401.02051). Operators: i1 invents without parents; e1 departs from several parents; e2 builds on the idea that several parents
share; m1 changes the structure of one parent, m2 its numeric parameters, and m3 simplifies it.

Its predecessor AEL is a setting of it: Fei Liu et al. 2023, "Algorithm Evolution Using Large Language Model" (arXiv 2311.15249). It starts,
selects and survives in the same way, but has two operators of its own: crossover asks for something of another form that several parents
inspire (between e1 and e2: it may use what they have, and names no common idea first), mutation for a changed version of one parent.

Settings of the variants that published work ran (`N` is `population_size`; weights are 1 where none is named). All of them run by
generations (`generational: true`); the releases may show a parent twice (`distinct_parents: false`), which the paper's text does not
settle; only release v0.2 has `show_baseline_body: true`. The defaults are the paper's values; only the barrier is off, see below:

| variant                    | N  | operators                 | parents | offspring            |
| -------------------------- | -- | ------------------------- | ------- | -------------------- |
| paper, online bin packing  | 20 | e1, e2, m1, m2, m3        | 5       | each-operator        |
| release v0.1               | 5  | e1, e2, m1, m2            | 2       | operator-by-operator |
| release v0.1 with weights  | 5  | e1, e2, m1, m2            | 2       | by-chance            |
| release v0.2               | 5  | e1, e2, m1, m2            | 2       | drawn                |
| LLM4AD                     | 5  | e1, e2, m1, m2            | 2       | in-turn              |
| AEL, paper (recalled)      | 10 | crossover, mutation (0.2) | 2       | by-chance            |
| AEL, release               | 5  | crossover, mutation       | 2       | by-chance            |

How ours differs. By default it runs in *steady state*: nothing waits, each outcome enters the population as it comes, and the next request
already breeds from it. `generational: true` restores the published barrier. With one request in flight and the barrier, parents and
population are the published ones, draw by draw, except that

* an exact copy of a member is not asked for again (the releases do so up to twice): its evaluation is reused and survival drops it;
* an initial population in which nothing worked is asked for again instead of ending the run (the budget does that);
* a weight other than 1 scales an operator's share of the offspring, unless `offspring: by-chance` makes it the chance that the operator
  runs at all in a generation, as in v0.1 and AEL: the same number on average. In v0.1 setting a weight raises an error;
* selection is by rank and survival by objective, which v0.1 has by default; its other selections (uniform, roulette, tournament) and its
  single-point management are left out;
* LLM4AD stops its initialisation early, at N valid heuristics, counts ranks from 0, and gives failures a place in the next generation; ours
  does none of these;
* m3 tells the model the problem and the form of the answer as well. Release v0.2 sends it the bare code, and a model that obeys answers
  with code alone, which that release's own parser refuses: its m3 hardly ever yields a heuristic;
* AEL's release cannot be run (it calls its model with the wrong number of arguments), so its setting follows what its code says.
"""

import random
from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal, TypeAlias, get_args

from pydantic import Field, model_validator

from evoheur.candidate import Candidate
from evoheur.request import Request
from evoheur.strategies.instance_front import ParentsBy, parent_choice
from evoheur.strategies.mate_choice import MateChoice, chosen_mates
from evoheur.strategies.planned_population import PlannedPopulation, PlannedPopulationConfig
from evoheur.strategies.selection import admission_bound, survivors
from evoheur.strategies.strategy import BASELINE_SHOWN, OperatorCard
from evoheur.variation import SPLICED

__all__ = ["Eoh", "EohConfig", "Offspring", "Operator"]

Operator: TypeAlias = Literal["e1", "e2", "m1", "m2", "m3", "crossover", "mutation", "splice"]
Offspring: TypeAlias = Literal["each-operator", "operator-by-operator", "by-chance", "drawn", "in-turn"]
Weight: TypeAlias = Annotated[float, Field(ge=0, allow_inf_nan=False)]

_OPERATORS: tuple[Operator, ...] = get_args(Operator)
_PAPER: tuple[Operator, ...] = ("e1", "e2", "m1", "m2", "m3")
_CROSSOVERS = ("e1", "e2", "crossover", "splice")  # the operators that show several parents
_SPLICED_PARENTS, _SEED_BITS = 2, 31
_RARELY = 0.01  # by chance: where no operator is likelier than this, planning would take long to find one that runs


class EohConfig(PlannedPopulationConfig):
    """Evolution of Heuristics (Liu et al. 2024); defaults are the paper's values.

    They are those for online bin packing.
    """

    catalogue: ClassVar[Mapping[str, OperatorCard]] = {
        "i1": OperatorCard(summary="invent without parents", context=BASELINE_SHOWN),
        "e1": OperatorCard(summary="depart from all parents", parents=(1, None), context=BASELINE_SHOWN),
        "e2": OperatorCard(summary="build on the idea that the parents share", parents=(1, None), context=BASELINE_SHOWN),
        "m1": OperatorCard(edits=True, summary="change the structure", parents=(1, 1), context=BASELINE_SHOWN),
        "m2": OperatorCard(edits=True, summary="change the numbers", parents=(1, 1), context=BASELINE_SHOWN),
        "m3": OperatorCard(edits=True, summary="simplify", parents=(1, 1), context=BASELINE_SHOWN),
        "crossover": OperatorCard(
            summary="take another form, inspired by the parents", variation="vary", parents=(1, None), context=BASELINE_SHOWN
        ),
        "mutation": OperatorCard(
            edits=True, summary="change the parent", variation="vary", parents=(1, 1), context=BASELINE_SHOWN
        ),
        "splice": OperatorCard(
            summary="repair and polish a crossover that a program made",
            variation="crossover",
            parents=(1, _SPLICED_PARENTS),
            context={**BASELINE_SHOWN, SPLICED: "the crossed parents; empty where no part of one fits into the other"},
        ),
    }

    kind: Literal["eoh"] = "eoh"

    population_size: int = Field(default=20, ge=1)
    """N, the most heuristics that survive. Paper: 20 for online bin packing, 10 for TSP and flow shop; releases and LLM4AD: 5."""

    operators: Mapping[Operator, Weight] = Field(default_factory=lambda: dict.fromkeys(_PAPER, 1.0))
    """Operator → weight, at least 0; what is not named is not used. Paper: e1 to m3 at 1; releases and LLM4AD: e1, e2, m1, m2 at 1.
    AEL: crossover at 1; mutation at 0.2 in the paper (recalled, not verified), 1 in the release. Ours, in none of them: splice, in which a
    program crosses two parents and the model repairs and polishes what comes of it; offline it is taken as it is."""

    parents: int = Field(default=5, ge=1)
    """How many parents e1, e2 and crossover show, or all members while there are fewer. Paper: 5; releases, LLM4AD and AEL: 2."""

    offspring: Offspring = "each-operator"
    """What one generation consists of, and in which order the operators come up.

    "each-operator" (paper: 5N in all): N by every operator, the operators taking turns.
    "operator-by-operator" (v0.1): N by every operator, one operator after the other; with the barrier the population is renewed after each.
    "by-chance" (v0.1 with weights, AEL): the same, but an operator's weight, at most 1, is the chance that it comes up in a generation.
    "drawn" (v0.2): N in all, every one by an operator drawn by weight.
    "in-turn" (LLM4AD): N in all, the operators taking turns across generations.
    In all but "by-chance" and "drawn" an operator of weight w has max(1, round(w·N)) offspring where one of weight 1 has N.
    """

    mate: MateChoice = "rank"
    """Who e1, e2 and crossover show beside the first parent, which is drawn by rank: others drawn by rank, as published; "distance",
    those whose costs by instance differ most; or "complement", those that do well where the others do not."""

    parents_by: ParentsBy = "rank"
    """How parents are drawn: by "rank", as published, or from the "front", GEPA's: whoever is best on an instance, drawn by on how many.
    The first parent only where `mate` says who is shown beside it."""

    distinct_parents: bool = True
    """Whether the parents of one request all differ. The releases draw with replacement, so that with the paper's N and number of
    parents about two crossovers in five show a parent twice, which spends prompt on nothing; the paper's text does not settle it."""

    @model_validator(mode="after")
    def _can_breed(self) -> "EohConfig":
        if not any(weight > 0 for weight in self.operators.values()):
            raise ValueError(
                f"operators {dict(self.operators)} has no positive weight; give at least one of {', '.join(_OPERATORS)}"
            )
        if self.offspring == "by-chance" and not _RARELY <= max(self.operators.values()) <= 1:
            raise ValueError(
                f"operators {dict(self.operators)} are chances if offspring is by-chance; "
                f"give at most 1 to each, and at least {_RARELY} to one"
            )
        return self

    def build(self, baseline: Candidate, rng: random.Random) -> "Eoh":
        """Make the strategy."""
        return Eoh(self, baseline, rng)


class Eoh(PlannedPopulation):
    """EoH in steady state or by generations."""

    def __init__(self, config: EohConfig, baseline: Candidate, rng: random.Random) -> None:
        self._config = config
        super().__init__(config, baseline, rng)

    @property
    def generation(self) -> int:
        """The number of what is planned at once.

        Where operators come up one after the other it is a round of all of them, as the releases count.
        """
        if self._config.offspring not in {"operator-by-operator", "by-chance"}:
            return self._generation
        used = sum(weight > 0 for weight in self._config.operators.values())
        return -(-self._generation // used)

    def _survivors(self, members: Sequence[Candidate]) -> list[Candidate]:
        return survivors(members, self._config.population_size)

    def _plan(self) -> Sequence[Operator]:
        return plan_generation(self._config, self._generation, self._rng)

    def _request(self, operator: str) -> Request:
        parents, context = self._parents(operator), self._context
        if operator == "splice":
            context = {**context, SPLICED: str(self._rng.getrandbits(_SEED_BITS))}
        return Request(
            operator=operator,
            parents=parents,
            context=context,
            tag=self._generation,
            bound=admission_bound(self._population, self._config.population_size),
        )

    def _most_parents(self, operator: str) -> int:
        if operator == "splice":
            return _SPLICED_PARENTS
        return self._config.parents if operator in _CROSSOVERS else 1

    def _parents(self, operator: str) -> tuple[Candidate, ...]:
        if operator == "i1":
            return ()
        wanted = min(self._most_parents(operator), len(self._population))
        if wanted > 1 and self._config.mate != "rank":
            [first] = parent_choice(self._config.parents_by, self._population, 1, self._rng, distinct=True)
            return (first, *chosen_mates(first, self._population, wanted - 1, self._config.mate))
        by, distinct = self._config.parents_by, self._config.distinct_parents
        return tuple(parent_choice(by, self._population, wanted, self._rng, distinct=distinct))


def plan_generation(config: EohConfig, number: int, rng: random.Random) -> list[Operator]:
    """The operators of one generation, in the order they are asked.

    Args:
        config: Its `offspring`, `operators` and `population_size` decide.
        number: How many generations came before, the initialisation not counted.
        rng: Drawn from by "by-chance" and "drawn" only.

    Returns:
        At least one operator, except by chance.
    """
    size = config.population_size
    # By name and not by position in the mapping: a database may hand a stored mapping back in another order.
    used = [operator for operator in _OPERATORS if config.operators.get(operator, 0) > 0]
    if config.offspring == "drawn":
        return rng.choices(used, [config.operators[operator] for operator in used], k=size)
    if config.offspring == "by-chance":
        operator = used[number % len(used)]
        return [operator] * size if rng.random() < config.operators[operator] else []
    quota = {operator: max(1, round(config.operators[operator] * size)) for operator in used}
    if config.offspring == "operator-by-operator":
        operator = used[number % len(used)]
        return [operator] * quota[operator]
    turns = [operator for turn in range(max(quota.values())) for operator in used if turn < quota[operator]]
    if config.offspring == "each-operator":
        return turns
    return [turns[place % len(turns)] for place in range(number * size, (number + 1) * size)]
