"""AdaEvolve: islands that explore the more the less they gain, and ideas when nothing gains.

Source: Mert Cemri et al. 2026, "AdaEvolve: Adaptive LLM Driven Zeroth-Order Optimization" (arXiv 2602.20133), and its release
(SkyDiscover).

| step                  | published                                                                                             |
| --------------------- | ----------------------------------------------------------------------------------------------------- |
| which island          | upper confidence bound, c = √2, on decayed rewards; three visits each first                           |
| how boldly            | explores with chance .15 + .35 / (1 + √G), G the decayed sum of squared relative gains                |
| which parent          | exploring: by novelty; exploiting: by objective                                                       |
| who stays             | deterministic crowding: on a full island a newcomer competes with the member most like it             |
| migration             | every 15 outcomes the 5 best of each island go to the next one; they earn it no credit                |
| another island        | when fewer than 1.5 % of all outcomes improved their island; 30 outcomes apart, up to 5 islands       |
| ideas                 | when fewer than 12 % of the last 10 outcomes improved: three, each of which guides two requests       |

How ours differs.

* G decays with every outcome. In the release it changes on improvements only, so that an island that stagnates never explores more.
* The distance of two heuristics is that of their syntax trees (`evoheur.code.similarity`); the release mixes it with tokens and length.
* Each island is its own archive, and holds as many as its population; the release keeps 100 besides. An idea is one sentence or two, not
  a form of five fields. Failed replies are `repair`'s business; a request yields one child, also in stagnation.
* The prompt lists up to five earlier children of the parent, by idea and outcome, as the release does.
* With many in flight a visit counts when it is asked, and gains when they are told. Nothing waits.
"""

import math
import random
from collections import deque
from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal, cast

from pydantic import Field, model_validator

from evoheur.candidate import Candidate
from evoheur.request import Outcome, Request
from evoheur.strategies.adaptive_islands import AdaptiveIsland, exploration_chance, island_to_breed
from evoheur.strategies.breakthrough_ideas import IdeaBook, read_ideas
from evoheur.strategies.mate_choice import MateSetting, mates_by
from evoheur.strategies.niche_islands import NicheIslands
from evoheur.strategies.niches import NichesConfig
from evoheur.strategies.reflective import note_text
from evoheur.strategies.selection import rank_choice
from evoheur.strategies.strategy import BASELINE_SHOWN, OperatorCard, Strategy, StrategyConfig
from evoheur.strategies.structure import SearchIslands

__all__ = ["AdaEvolve", "AdaEvolveConfig"]

_WINDOW = 10  # outcomes that tell whether the search stagnates
_SIBLINGS = 5  # earlier children of a parent that a prompt lists
_LONGEST = 200  # characters of a sibling's idea
_SHOWN_IDEAS = 10  # earlier ideas that a request for new ones lists
_BESTS_SHOWN = 3  # heuristics that a request for ideas shows

_TRIED = {"tried": "earlier children of the first parent and what became of them, one per line; may be empty"}


class AdaEvolveConfig(StrategyConfig):
    """AdaEvolve (Cemri et al. 2026); defaults are the release's values."""

    catalogue: ClassVar[Mapping[str, OperatorCard]] = {
        "i1": OperatorCard(summary="invent without parents", context=BASELINE_SHOWN),
        "exploit": OperatorCard(
            edits=True, summary="improve one", variation="mutation", parents=(1, 1), context={**BASELINE_SHOWN, **_TRIED}
        ),
        "explore": OperatorCard(
            summary="depart from the first, with a second that is unlike it",
            variation="vary",
            parents=(1, 2),
            context={**BASELINE_SHOWN, **_TRIED},
        ),
        "guided": OperatorCard(
            summary="carry out an idea on one",
            variation="vary",
            parents=(1, 1),
            context={**BASELINE_SHOWN, **_TRIED, "idea": "what to try"},
        ),
        "ideas": OperatorCard(
            summary="think of what the search has not tried",
            parents=(0, _BESTS_SHOWN),
            produces="note",
            context={
                **BASELINE_SHOWN,
                "wanted": "how many ideas",
                "earlier": "earlier ideas and what became of them, one per line; may be empty",
            },
        ),
    }

    takes_new_worth = True
    kind: Literal["adaevolve"] = "adaevolve"

    islands: int = Field(default=2, ge=1)
    """How many islands there are at first. Release: 2."""

    most_islands: int = Field(default=5, ge=1, le=9)
    """How many there may be. Release: 5."""

    island_size: int = Field(default=20, ge=1, le=20)
    """The most heuristics of an island. Release: 20."""

    exploration: float = Field(default=math.sqrt(2), ge=0, allow_inf_nan=False)
    """c, the weight of what is not known when an island is chosen. Release: √2."""

    migrate_every: int = Field(default=15, ge=0)
    """After how many outcomes the best of every island go to the next one; 0 for never. Release: 15."""

    migrants: int = Field(default=5, ge=1)
    """How many of them go. Release: 5."""

    productivity: float = Field(default=0.015, ge=0, le=1)
    """The share of outcomes that improve their island below which another island is founded. Release: 0.015."""

    cooldown: int = Field(default=30, ge=1)
    """How many outcomes lie between two new islands, and before the first. Release: 30."""

    ideas: int = Field(default=3, ge=0)
    """How many ideas one request asks for; 0 for no such requests. Release: 3."""

    idea_uses: int = Field(default=2, ge=1)
    """How many requests an idea guides at most. Release: 2."""

    stagnation: float = Field(default=0.12, ge=0, le=1)
    """The share of the last 10 outcomes that improve on the best of all below which ideas are asked for. Release: 0.12."""

    mate: MateSetting = "published"
    """Who "explore" shows second: "published", the most novel; or by "rank", by "distance" of costs, or as a "complement"."""

    niches: NichesConfig | None = None
    """Whether islands are niches, such as {by: costs, count: 4}: as many islands as niches, each heuristic on that of its like, and
    "explore" shows one of another. No migration then, and no further island (after PartEvo)."""

    seed_with_baseline: bool = True
    """Whether the problem's own heuristic is on every island from the start. Release: yes. Else i1 is asked until something works."""

    show_baseline_body: bool = False
    """Whether prompts show the problem's own heuristic with its body."""

    @model_validator(mode="after")
    def _has_room(self) -> "AdaEvolveConfig":
        if self.islands > self.most_islands:
            raise ValueError(
                f"islands: {self.islands} is more than most_islands: {self.most_islands} allows; raise the one or lower the other"
            )
        return self

    def build(self, baseline: Candidate, rng: random.Random) -> "AdaEvolve":
        """Make the strategy."""
        return AdaEvolve(self, baseline, rng)


class AdaEvolve(Strategy):
    """AdaEvolve in steady state; it never waits.

    A request's tag is (island, number of the idea that guides it, or 0).
    """

    def __init__(self, config: AdaEvolveConfig, baseline: Candidate, rng: random.Random) -> None:
        self._config = config
        self._rng = rng
        self._context = {"baseline": "body" if config.show_baseline_body else "header"}
        count = config.islands if config.niches is None else config.niches.count
        self._islands = [AdaptiveIsland(config.island_size) for _ in range(count)]
        self._niches = None if config.niches is None else NicheIslands(self._islands, config.niches)
        if config.seed_with_baseline:
            for island in self._islands if self._niches is None else self._islands[:1]:
                island.receive(baseline)
        self._tried: dict[int, deque[str]] = {}  # by parent: its latest children and what became of them
        self._told = 0
        self._improved = 0
        self._founded = 0  # outcomes told when the latest island was founded
        self._window: deque[bool] = deque(maxlen=_WINDOW)
        self._book = IdeaBook(uses=config.idea_uses, shown=_SHOWN_IDEAS)
        self._thinking = False  # whether a request for ideas is in flight

    def ask(self) -> Request:
        """Ideas where the search stagnates; else a heuristic on the island that the bandit chooses."""
        if self._stagnates() and not self._thinking:
            self._thinking = True
            self._window.clear()  # so that the next request for ideas is at least ten outcomes away
            return self._think()
        number = self._island_to_breed()
        island = self._islands[number]
        island.visits += 1
        if not island.members:
            return Request(operator="i1", context=self._context, tag=(number, 0))
        if (idea := self._book.take()) is not None:
            place, text = idea
            return self._heuristic("guided", (island.ranked[0],), (number, place), idea=text)
        if self._rng.random() >= exploration_chance(island.gains):
            return self._heuristic("exploit", rank_choice(island.ranked, 1, self._rng, distinct=True), (number, 0))
        novel = island.most_novel_first()
        [parent] = rank_choice(novel, 1, self._rng, distinct=True)
        if self._niches is not None and (others := self._niches.mates(parent, number, self._config.mate, self._rng)):
            return self._heuristic("explore", (parent, *others), (number, 0))
        if self._config.mate == "published":
            others = tuple(member for member in novel if member.id != parent.id)[:1]
        else:
            others = mates_by(self._config.mate, parent, island.ranked, 1, self._rng)
        return self._heuristic("explore", (parent, *others), (number, 0))

    def tell(self, request: Request, outcome: Outcome) -> None:
        """Learn on the request's island, and do what is due: migration, another island."""
        if request.operator == "ideas":
            self._thinking = False
            self._book.add(read_ideas(note_text(outcome, longest=10_000), self._config.ideas))
            return
        number, idea = cast("tuple[int, int]", request.tag)
        candidate = outcome if isinstance(outcome, Candidate) else None
        objective = None if candidate is None else candidate.objective
        overall = self._best_objective()
        improved = self._learn(number, candidate, overall)
        self._told += 1
        self._improved += improved
        self._window.append(objective is not None and (overall is None or objective < overall))
        if idea:
            self._book.learn(idea, worked=objective is not None, improved=improved)
        self._remember(request.parents, candidate, improved=improved)
        if self._niches is None and self._config.migrate_every and self._told % self._config.migrate_every == 0:
            self._migrate()
        if self._needs_island():
            self._found_island()
        self._forget()

    def immigrate(self, candidate: Candidate) -> None:
        """Take it in as a migrant.

        It goes to the island of its niche, or to the one with the worst best.
        """
        if self._niches is not None:
            if candidate.objective is not None:
                self._islands[self._niches.home(candidate)].receive(candidate)
                self._niches.arrived()
            return
        worst = max(self._islands, key=lambda island: math.inf if island.best is None else island.best.objective or 0.0)
        worst.receive(candidate)

    def elites(self) -> Sequence[Candidate]:
        """The best of every island, best first, each once."""
        found = {island.best.id: island.best for island in self._islands if island.best is not None}
        return tuple(sorted(found.values(), key=lambda elite: (elite.objective or 0.0, elite.id)))

    def members(self) -> Sequence[Candidate]:
        """All that live on the islands, each once."""
        return tuple({member.id: member for island in self._islands for member in island.members}.values())

    def structure(self) -> SearchIslands:
        """The islands that have members; a cluster is one heuristic, and what was registered are visits."""
        shown = (island.structure(number) for number, island in enumerate(self._islands))
        return SearchIslands(islands=tuple(island for island in shown if island is not None))

    def rescored(self, fresh: Mapping[int, Candidate]) -> None:
        """Rank every island by its members' new worth."""
        for island in self._islands:
            island.rescored(fresh)
        if self._niches is not None:
            self._niches.regroup()
        self._forget()

    @property
    def exploring(self) -> tuple[float, ...]:
        """The chance to explore, by island."""
        return tuple(exploration_chance(island.gains) for island in self._islands)

    def _island_to_breed(self) -> int:
        places = range(len(self._islands)) if self._niches is None else self._niches.occupied  # no niche is empty and asked for
        return places[island_to_breed([self._islands[place] for place in places], self._config.exploration)]

    def _learn(self, number: int, candidate: Candidate | None, overall: float | None) -> bool:
        """Tell the island that bred.

        The heuristic lives there, or on the island of its niche.
        """
        island = self._islands[number]
        if self._niches is None or candidate is None or candidate.objective is None:
            return island.learn(candidate, overall)
        home = self._niches.home(candidate)
        improved = island.learn(candidate, overall, stays=home == number)
        if home != number:
            self._islands[home].receive(candidate)
        self._niches.arrived()
        return improved

    def _best_objective(self) -> float | None:
        bests = [island.best.objective for island in self._islands if island.best is not None]
        return min((best for best in bests if best is not None), default=None)

    def _stagnates(self) -> bool:
        full = len(self._window) == _WINDOW
        return bool(self._config.ideas) and full and sum(self._window) < self._config.stagnation * _WINDOW

    def _think(self) -> Request:
        context = {**self._context, "wanted": str(self._config.ideas), "earlier": self._book.report()}
        return Request(operator="ideas", produces="note", parents=tuple(self.elites()[:_BESTS_SHOWN]), context=context)

    def _heuristic(self, operator: str, parents: Sequence[Candidate], tag: tuple[int, int], **texts: str) -> Request:
        context = {**self._context, "tried": "\n".join(self._tried.get(parents[0].id, ())), **texts}
        return Request(operator=operator, parents=tuple(parents), context=context, tag=tag)

    def _remember(self, parents: Sequence[Candidate], child: Candidate | None, *, improved: bool) -> None:
        if not parents or child is None:
            return
        before = parents[0].objective
        if child.objective is None or before is None:
            verdict = "failed"
        elif improved:
            verdict = "better than all on its island"
        else:
            verdict = "better" if child.objective < before else "worse" if child.objective > before else "no different"
        thought = " ".join(child.thought.split())[:_LONGEST] or "a change without a word"
        self._tried.setdefault(parents[0].id, deque(maxlen=_SIBLINGS)).append(f"{thought} ({verdict})")

    def _migrate(self) -> None:
        """Send the best of every island to the next one, all at the same moment."""
        leaving = [island.ranked[: self._config.migrants] for island in self._islands]
        for number, migrants in enumerate(leaving):
            target = self._islands[(number + 1) % len(self._islands)]
            if target is not self._islands[number]:
                for migrant in migrants:
                    target.receive(migrant)

    def _needs_island(self) -> bool:
        if (
            self._niches is not None
            or len(self._islands) >= self._config.most_islands
            or self._told - self._founded < self._config.cooldown
        ):
            return False
        return self._improved / self._told < self._config.productivity

    def _found_island(self) -> None:
        """Another island, which begins with the best of all."""
        island = AdaptiveIsland(self._config.island_size)
        for elite in self.elites()[:1]:
            island.receive(elite)
        self._islands.append(island)
        self._founded = self._told

    def _forget(self) -> None:
        """Forget the children of what lives nowhere any more."""
        living = {member.id for island in self._islands for member in island.members}
        for parent in [parent for parent in self._tried if parent not in living]:
            del self._tried[parent]
