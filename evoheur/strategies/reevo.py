"""ReEvo: a genetic algorithm that follows the model's own reflections.

They steer crossover and mutation, as "verbal gradients".

Source: Haoran Ye et al. 2024, "ReEvo: Large Language Models as Hyper-Heuristics with Reflective Evolution", NeurIPS (arXiv:2402.01145),
and its release. Faithful are: the first population of variants of the problem's own heuristic, sampled at a raised temperature; pairs of
different objective, every pair with the same chance; the short-term reflection on a pair, worse heuristic first, and the crossover that
follows it; the population that is replaced by the crossover children, while the best ever found, at first the problem's own heuristic, is
kept aside and selected from as well; the long-term reflection, which condenses the generation's short ones and overwrites its
predecessor; the elitist mutation that follows it, whose mutants join the population; white-box and black-box prompts.

| step of a generation | requests | parents           | is given                                                       |
| -------------------- | -------- | ----------------- | -------------------------------------------------------------- |
| init (first only)    | 30       | problem's own     | external knowledge, temperature + 0.3                          |
| reflect_short        | 10       | worse, better     |                                                                |
| crossover            | 10       | worse, better     | the pair's reflection                                          |
| reflect_long         | 1        |                   | the previous long-term reflection, the generation's short ones |
| mutate               | 5        | elite             | long-term reflection, external knowledge                       |

How ours differs. By default it runs in *steady state*: a pair's crossover is asked as soon as its reflection is in, the next pair is drawn
meanwhile, and a child can be a parent when it is told. When so many crossovers have ended as make a generation, whichever they are, their
children replace the population, and long-term reflection and mutation follow. `generational: true` restores the published barriers: with
it the sequence of requests is the published one. In both modes

* a population without two different objectives, which ends the release's run, is topped up by further initial requests;
* a crossover whose reflection failed goes without one, and a long-term reflection that failed leaves the previous one in force;
* a failed call costs no evaluation, and the budget is kept to the evaluation (the release checks it once per generation);
* parents are shown whole, imports and helpers included, and the black-box prompt leaves the problem's own heuristic out, as its text tells
  what it is for (the release has a rewritten one per problem);
* external knowledge that is still the long-term reflection is not shown twice;
* every answer holds an idea in a sentence as for all methods here; ReEvo does not ask for it, and no prompt of its operators shows it.
"""

import random
from collections.abc import Hashable, Mapping, Sequence
from typing import ClassVar, Literal

from pydantic import model_validator

from evoheur.candidate import Candidate
from evoheur.request import Outcome, Request
from evoheur.strategies.reflective import FAILURES_SHOWN, ReflectiveConfig, ReflectiveEvolution, note_text
from evoheur.strategies.strategy import OperatorCard

__all__ = ["ReEvo", "ReEvoConfig"]

_INTERFACE = {
    "baseline": '"header": the prompt tells the problem and shows the functions\' interface; "anonymous": it hides the problem and names '
    "nothing but the functions"
}
_RESULTS = {"results": '"yes": costs by instance are shown as well; else empty'}


class ReEvoConfig(ReflectiveConfig):
    """ReEvo (Ye et al. 2024); defaults are the paper's values."""

    catalogue: ClassVar[Mapping[str, OperatorCard]] = {
        "init": OperatorCard(
            summary="vary the problem's own heuristic boldly",
            parents=(1, 1),
            context={**_INTERFACE, "knowledge": "external knowledge; may be empty"},
        ),
        "reflect_short": OperatorCard(
            summary="say why the second of two heuristics is better than the first",
            parents=(2, 2),
            produces="note",
            context={**_INTERFACE, **_RESULTS},
        ),
        "crossover": OperatorCard(
            summary="breed from a worse and a better heuristic, in this order",
            variation="vary",
            parents=(2, 2),
            context={**_INTERFACE, "reflection": "the reflection on these two; may be empty"},
        ),
        "reflect_long": OperatorCard(
            summary="condense what was learnt so far; the parents failed and are there to learn from",
            parents=(0, FAILURES_SHOWN),
            produces="note",
            context={
                **_INTERFACE,
                "previous": "the previous long-term reflection; may be empty",
                "hints": "the new short-term reflections, one per line; may be empty",
            },
        ),
        "mutate": OperatorCard(
            edits=True,
            summary="improve the elite",
            variation="vary",
            parents=(1, 1),
            context={
                **_INTERFACE,
                "reflection": "the long-term reflection; may be empty",
                "knowledge": "external knowledge; may be empty",
            },
        ),
    }

    kind: Literal["reevo"] = "reevo"

    black_box: bool = False
    """Whether prompts hide the problem (paper: both are run). They then show the functions' names, anonymous parameters and no text of the
    problem's, the short-term reflection is to infer what the problem is, and only heuristics that beat the problem's own are selected."""

    @model_validator(mode="after")
    def _hides_all(self) -> "ReEvoConfig":
        if self.black_box and self.show_results:
            raise ValueError("show_results: true names the instances, which black_box: true hides; set one of them to false")
        return self

    @property
    def hides_problem(self) -> bool:
        """See `StrategyConfig.hides_problem`."""
        return self.black_box

    def build(self, baseline: Candidate, rng: random.Random) -> "ReEvo":
        """Make the strategy."""
        return ReEvo(self, baseline, rng)


class ReEvo(ReflectiveEvolution):
    """ReEvo in steady state or by generations; see `ReflectiveEvolution` for when it waits."""

    cycle = ("reflect_short", "crossover", "reflect_long", "mutate")
    filler = "reflect_short"

    def __init__(self, config: ReEvoConfig, baseline: Candidate, rng: random.Random) -> None:
        self._interface = {"baseline": "anonymous" if config.black_box else "header"}
        super().__init__(config, baseline, rng, beat_baseline=config.black_box)
        self._drawn = 0  # pairs so far; a pair's number is the tag of its requests
        self._reflections: list[Request] = []  # the latest that were asked, in the order of their pairs
        self._hints: dict[Hashable, str] = {}  # tag of a pair → its reflection, since the last long-term one
        self._long = self._knowledge

    def _first_context(self, number: int) -> dict[str, str]:  # noqa: ARG002 - all are alike
        return self._interface | {"knowledge": self._knowledge}

    def _phase(self, name: str) -> Sequence[Request]:
        match name:
            case "reflect_short":
                return self._reflect_short() or self._start_again()
            case "crossover":
                return [self._crossover(reflection) for reflection in self._reflections]
            case "reflect_long" if self._hints:
                return self._reflect_long()
            case "mutate":
                return self._mutate()
            case _:  # nothing new was learnt
                return () if self._settings.generational else self._mutate()

    def _learn(self, request: Request, outcome: Outcome) -> None:
        match request.operator:
            case "reflect_short":
                if hint := note_text(outcome):
                    self._hints[request.tag] = hint
                if not self._settings.generational:
                    self._queue.append(self._crossover(request))
            case "crossover":
                if self._population.add_child(outcome) and not self._settings.generational:
                    self._due.append("reflect_long")
            case "reflect_long":
                self._long = note_text(outcome) or self._long
                if not self._settings.generational:
                    self._due.append("mutate")
            case _:
                self._population.add(outcome)

    def _reflect_short(self) -> list[Request]:
        pairs = self._pairs(self._settings.population_size if self._settings.generational else 1)
        context = self._interface | {"results": self._results}
        self._reflections = [
            self._note("reflect_short", pair, context, tag=number) for number, pair in enumerate(pairs, self._drawn)
        ]
        self._drawn += len(pairs)
        return self._reflections

    def _crossover(self, reflection: Request) -> Request:
        context = self._interface | {"reflection": self._hints.get(reflection.tag, "")}
        return self._heuristic("crossover", reflection.parents, context, tag=reflection.tag)

    def _reflect_long(self) -> list[Request]:
        context = self._interface | {"previous": self._long, "hints": "\n".join(self._hints.values())}
        self._hints.clear()
        return [self._note("reflect_long", self._failures(), context, tag=self._population.completed)]

    def _mutate(self) -> list[Request]:
        context = self._interface | {"reflection": self._long, "knowledge": self._knowledge}
        mutant = self._heuristic("mutate", (self._population.elite,), context, tag=self._population.completed)
        return [mutant] * self._settings.mutants
