"""FunSearch: islands of programs and prompts of versions.

The programs are clustered by behaviour; prompts line up versions of one function.

Source: Romera-Paredes et al. 2023, "Mathematical discoveries from program search with large language models", Nature 625, 468-475 (2024),
doi:10.1038/s41586-023-06924-6, with the code released beside it. One operator, "improve": the model is shown k programs of one island as
`f_v0` … `f_v(k-1)`, by ascending score, and writes `f_vk`. The scores themselves are not shown.

Faithful to the release are: the baseline on every island at the start; an evenly random island per prompt and the child's return to it;
clusters by the tuple of per-instance results; their choice, with replacement, by a softmax whose temperature is a sawtooth over the
programs registered on the island; the choice of short programs within a cluster; several samples of each prompt; and the reset of the
worse half of the islands, ties broken at random, each to the best program of a random surviving island. A score is the negated objective.

How ours differs:

* Islands are reset by the count of registered programs; the published four hours of wall clock cannot be replayed.
* A child that comes back after its island was reset is dropped, as the release's comments suggest and its code leaves out.
* The score is the objective over all instances. The release takes the last instance's, which depends on the order of the instances.
* A candidate that fails on one instance is out. The release registers it with the instances that it solved, and so compares its score
  with those of others on another instance.
* The published softmax depends on the scores' unit: with T0 = 0.1 it is greedy for bins in the thousands and nearly even for gaps of a
  hundredth. `scale` gives it a unit of the island's own. (LLM4AD divides by the largest score, which makes close scores all alike.)
* A chat model is asked for the function as a whole; the release has a model continue the text. A recursive child is renamed correctly;
  the release counts one version too far and refuses it. A child may keep an earlier version that it calls, if it brings it along.
* The docstrings that announce every version as an improvement are words of the prompt here; a candidate's code is shown as it is.
"""

import random
from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from evoheur.candidate import Candidate
from evoheur.request import Outcome, Request
from evoheur.strategies.islands import CostScale, Island, cluster_temperature
from evoheur.strategies.mate_choice import MateSetting
from evoheur.strategies.selection import renewed
from evoheur.strategies.strategy import BASELINE_SHOWN, OperatorCard, Strategy, StrategyConfig
from evoheur.strategies.structure import SearchIslands

__all__ = ["FunSearch", "FunSearchConfig"]


class FunSearchConfig(StrategyConfig):
    """FunSearch (Romera-Paredes et al. 2023); defaults are the release's values."""

    catalogue: ClassVar[Mapping[str, OperatorCard]] = {
        "improve": OperatorCard(summary="write the next version", variation="vary", parents=(1, None), context=BASELINE_SHOWN)
    }

    takes_new_worth = True
    kind: Literal["funsearch"] = "funsearch"

    islands: int = Field(default=10, ge=1)
    """How many populations evolve apart. Release: 10."""

    functions_per_prompt: int = Field(default=2, ge=1)
    """k, how many programs a prompt shows, or as many as its island has clusters. Paper and release: 2."""

    samples_per_prompt: int = Field(default=4, ge=1)
    """How many requests in a row show the same programs. Release: 4."""

    temperature: float = Field(default=0.1, gt=0, allow_inf_nan=False)
    """T0, from which the temperature of the choice of clusters falls. Release: 0.1."""

    period: int = Field(default=30_000, ge=1)
    """P, over how many programs registered on an island the temperature falls before it jumps back. Release: 30,000, so that in a run of a
    few thousand evaluations it hardly falls."""

    scale: CostScale = "published"
    """What counts as a difference of 1 between two scores.

    "published": a difference of 1 in the objective, so the choice depends on its unit.
    "range": the difference between the island's best and worst cluster; one very bad program makes all good ones alike.
    "median": the difference between the island's best and median cluster, which bad programs hardly move.
    """

    mate: MateSetting = "published"
    """Who a prompt shows beside a first program: "published", programs of clusters drawn by their scores, as the first; or the shortest
    programs of other clusters by "rank", by "distance" of costs, or as a "complement"."""

    reset_every: int | None = Field(default=1000, ge=1)
    """After how many registered programs, over all islands, the worse half of the islands is reset; None for never. Release: every four
    hours; the number is ours, a hundred programs per island."""

    def build(self, baseline: Candidate, rng: random.Random) -> "FunSearch":
        """Make the strategy; the baseline is the first program of every island."""
        return FunSearch(self, baseline, rng)


class FunSearch(Strategy):
    """FunSearch; never waits. A request's tag is (island, epoch)."""

    def __init__(self, config: FunSearchConfig, baseline: Candidate, rng: random.Random) -> None:
        self._config = config
        self._rng = rng
        self._islands = [Island(baseline) for _ in range(config.islands)]
        self._prompt = self._new_prompt()
        self._samples_left = config.samples_per_prompt
        self._registered = 0  # since the last reset

    def ask(self) -> Request:
        """The next sample of the present prompt, or the first of a new one."""
        if not self._samples_left or not self._is_home(self._prompt):
            self._prompt = self._new_prompt()
            self._samples_left = self._config.samples_per_prompt
        self._samples_left -= 1
        return self._prompt

    def tell(self, request: Request, outcome: Outcome) -> None:
        """Register a program on its parents' island, unless that was reset meanwhile."""
        if isinstance(outcome, Candidate) and self._is_home(request):
            self._register(_island_of(request), outcome)

    def immigrate(self, candidate: Candidate) -> None:
        """Register it on a random island."""
        self._register(self._rng.randrange(len(self._islands)), candidate)

    def elites(self) -> Sequence[Candidate]:
        """The best program of every island, best first.

        One that several islands share comes once.
        """
        ranked = sorted(self._islands, key=lambda island: island.best_cost)
        return tuple({island.best.id: island.best for island in ranked}.values())

    def members(self) -> Sequence[Candidate]:
        """From every island as many programs, of the best clusters, as a prompt shows."""
        shown = (island.best_programs(self._config.functions_per_prompt) for island in self._islands)
        return tuple({program.id: program for programs in shown for program in programs}.values())

    def structure(self) -> SearchIslands:
        """The islands."""
        return SearchIslands(islands=tuple(island.structure(number) for number, island in enumerate(self._islands)))

    def rescored(self, fresh: Mapping[int, Candidate]) -> None:
        """Found every island anew on its members; on the best of all where they failed."""
        ranked = sorted(renewed(fresh.values(), fresh), key=lambda program: program.objective or 0.0)
        for number, island in enumerate(self._islands):
            kept = renewed(island.best_programs(self._config.functions_per_prompt), fresh)
            founder, *others = kept or ranked[:1] or [island.best]
            again = Island(founder, epoch=island.epoch)
            for program in others:
                again.register(program)
            again.registered = island.registered  # the temperature goes on
            self._islands[number] = again
        self._samples_left = 0

    def _new_prompt(self) -> Request:
        number = self._rng.randrange(len(self._islands))
        island = self._islands[number]
        temperature = cluster_temperature(island.registered, initial=self._config.temperature, period=self._config.period)
        return Request(
            operator="improve",
            parents=island.draw(
                self._config.functions_per_prompt, temperature, self._rng, scale=self._config.scale, mate=self._config.mate
            ),
            context={"baseline": "header"},
            tag=(number, island.epoch),
        )

    def _is_home(self, request: Request) -> bool:
        """Whether a request's parents are still on their island."""
        number = _island_of(request)
        return request.tag == (number, self._islands[number].epoch)

    def _register(self, number: int, candidate: Candidate) -> None:
        if candidate.objective is None:
            return
        self._islands[number].register(candidate)
        self._registered += 1
        if self._registered == self._config.reset_every:
            self._registered = 0
            self._reset_worse_half()

    def _reset_worse_half(self) -> None:
        shuffled = self._rng.sample(range(len(self._islands)), len(self._islands))  # breaks ties
        worst_first = sorted(shuffled, key=lambda number: -self._islands[number].best_cost)
        half = len(worst_first) // 2
        for number in worst_first[:half]:
            founder = self._islands[self._rng.choice(worst_first[half:])].best
            self._islands[number] = Island(founder, epoch=self._islands[number].epoch + 1)


def _island_of(request: Request) -> int:
    match request.tag:
        case (int(number), int()):
            return number
    raise ValueError(f"FunSearch did not ask for {request}")
