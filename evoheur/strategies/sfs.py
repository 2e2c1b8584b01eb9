"""SFS, Scattered Forest Search: a tree whose edges are directions in words.

Source: Jonathan Light et al. 2024, "Scattered Forest Search: Smarter Code Space Exploration with LLMs" (arXiv 2411.05010), and its release.

* Scattering: the first programs are written under different instructions of style.
* Directions: before anything is bred from a heuristic, the model is asked once for two or three distinct directions of improvement.
* Forest: a walk from the root by upper confidence bounds, c = √2, stops at a heuristic that has untried directions, or nothing better below
  it, and takes one direction. A heuristic's value is the best of what is below it.
* Scouting: what came of the latest directions, wherever they were taken, is shown when new ones are asked for.

How ours differs. Values are ranks, since prices have no scale of their own; a direction that failed is backed up as the worst of all, and
nothing is bred from what it left. Where all directions of a heuristic are tried and nothing is better, it is asked for further ones, and
told which were tried. Where a reply has no directions, and offline, three kinds of change take their place: another structure, other
numbers, something left out. With many in flight nothing waits: a visit counts when it is asked, and while directions are on their way
those three kinds are taken.
"""

import math
import random
from collections import deque
from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal, cast

from pydantic import Field

from evoheur.candidate import Candidate
from evoheur.request import Outcome, Request
from evoheur.strategies.breakthrough_ideas import read_ideas
from evoheur.strategies.direction_tree import Direction, DirectionNode, DirectionTree
from evoheur.strategies.reflective import note_text
from evoheur.strategies.selection import renewed, survivors
from evoheur.strategies.strategy import BASELINE_SHOWN, OperatorCard, Strategy, StrategyConfig
from evoheur.strategies.structure import SearchTree

__all__ = ["Sfs", "SfsConfig"]

_STYLES = ("formula", "cases", "outlook", "balance", "contrary")
_KINDS = (
    Direction("restructure", "another structure"),
    Direction("retune", "other numbers"),
    Direction("shorten", "something left out"),
)
_ELITES = 10  # of pairwise different objective, which reports show


class SfsConfig(StrategyConfig):
    """Scattered Forest Search (Light et al. 2024); defaults are the paper's values."""

    catalogue: ClassVar[Mapping[str, OperatorCard]] = {
        "seed": OperatorCard(
            summary="invent in a given style",
            variation="new",
            context={**BASELINE_SHOWN, "style": f"one of {', '.join(_STYLES)}"},
        ),
        "directions": OperatorCard(
            summary="say in which directions a heuristic can be improved",
            parents=(1, 1),
            produces="note",
            context={
                **BASELINE_SHOWN,
                "wanted": "how many directions",
                "tried": "directions that were taken from this heuristic, one per line; may be empty",
                "scouted": "the latest directions of the search and what became of them, one per line; may be empty",
            },
        ),
        "develop": OperatorCard(
            edits=True,
            summary="go in one direction",
            variation="vary",
            parents=(1, 1),
            context={**BASELINE_SHOWN, "direction": "what to do"},
        ),
        "restructure": OperatorCard(
            edits=True, summary="change the structure", variation="mutation", parents=(1, 1), context=BASELINE_SHOWN
        ),
        "retune": OperatorCard(
            edits=True, summary="change the numbers", variation="constants", parents=(1, 1), context=BASELINE_SHOWN
        ),
        "shorten": OperatorCard(
            edits=True, summary="leave something out", variation="simplify", parents=(1, 1), context=BASELINE_SHOWN
        ),
    }

    takes_new_worth = True
    kind: Literal["sfs"] = "sfs"

    seeds: int = Field(default=5, ge=1)
    """How many programs are written first, each in another style. Paper: 5."""

    directions: int = Field(default=3, ge=1, le=9)
    """How many directions one request asks for. Paper: 2 to 3."""

    exploration: float = Field(default=math.sqrt(2), ge=0, allow_inf_nan=False)
    """c, the weight of what was visited rarely. Paper: √2."""

    scouted: int = Field(default=10, ge=0)
    """How many of the latest directions a request for new ones shows, with what became of them; 0 for no scouting."""

    seed_with_baseline: bool = False
    """Whether the problem's own heuristic is a seed, too."""

    show_baseline_body: bool = False
    """Whether prompts show the problem's own heuristic with its body."""

    def build(self, baseline: Candidate, rng: random.Random) -> "Sfs":  # noqa: ARG002 - it draws nothing
        """Make the strategy."""
        return Sfs(self, baseline)


class Sfs(Strategy):
    """SFS in steady state; it never waits and draws nothing.

    A request's tag is (node, kind of direction or what it is to do).
    """

    def __init__(self, config: SfsConfig, baseline: Candidate) -> None:
        self._config = config
        self._context = {"baseline": "body" if config.show_baseline_body else "header"}
        self._tree = DirectionTree(config.exploration)
        self._seeds = 0  # asked for
        self._elites: list[Candidate] = []
        self._scouted: deque[str] = deque(maxlen=config.scouted)
        self._stand_ins = 0  # kinds taken while directions were on their way
        if config.seed_with_baseline:
            self.immigrate(baseline)

    def ask(self) -> Request:
        """A seed; directions where a heuristic has none; else a step in one of them."""
        if self._seeds < self._config.seeds or not self._tree.has_seeds():
            style = _STYLES[self._seeds % len(_STYLES)]
            self._seeds += 1
            self._tree.depart(self._tree.root)
            return Request(operator="seed", context={**self._context, "style": style}, tag=(0, style))
        node = self._tree.walk()
        if node.untried:
            return self._step(node, node.untried.popleft())
        if node.thinking:
            self._stand_ins += 1
            return self._step(node, _KINDS[self._stand_ins % len(_KINDS)])
        node.thinking = True
        context = {
            **self._context,
            "wanted": str(self._config.directions),
            "tried": "\n".join(node.tried[-_ELITES:]),
            "scouted": "\n".join(self._scouted),
        }
        return Request(operator="directions", produces="note", parents=(node.heuristic,), context=context, tag=(node.number, ""))

    def tell(self, request: Request, outcome: Outcome) -> None:
        """Take directions, or hang what came of one into the tree and note it."""
        number, text = cast("tuple[int, str]", request.tag)
        node = self._tree.nodes[number]
        if request.operator == "directions":
            node.thinking = False
            texts = read_ideas(note_text(outcome, longest=10_000), self._config.directions)
            node.untried.extend([Direction("develop", text) for text in texts] or _KINDS)
            return
        candidate = outcome if isinstance(outcome, Candidate) else None
        child = self._tree.arrive(node, candidate)
        if child.candidate is not None:
            self._elites = survivors([*self._elites, child.candidate], _ELITES)
        if request.operator != "seed":
            self._scouted.append(f"{text} ({_verdict(node.heuristic, child)})")

    def immigrate(self, candidate: Candidate) -> None:
        """Make it a seed."""
        if candidate.objective is not None:
            self._tree.depart(self._tree.root)
            self._tree.arrive(self._tree.root, candidate)
            self._elites = survivors([*self._elites, candidate], _ELITES)

    def elites(self) -> Sequence[Candidate]:
        """The best in the tree, best first, one per objective."""
        return tuple(self._elites)

    def members(self) -> Sequence[Candidate]:
        """The elites and all above them in the tree."""
        elites = {elite.id for elite in self._elites}
        paths = [
            self._tree.lineage(node) for node in self._tree.nodes if node.candidate is not None and node.candidate.id in elites
        ]
        return tuple({member.id: member for path in paths for member in path}.values())

    def structure(self) -> SearchTree:
        """The tree of what worked."""
        return self._tree.structure()

    def rescored(self, fresh: Mapping[int, Candidate]) -> None:
        """Cut the tree down to the members, and forget what came of directions on other instances."""
        self._tree = self._tree.kept({member.id: fresh[member.id] for member in self.members()})
        self._elites = survivors(renewed(self._elites, fresh), _ELITES)
        self._scouted.clear()

    def _step(self, node: DirectionNode, direction: Direction) -> Request:
        self._tree.depart(node)
        node.tried.append(direction.text)
        context = {**self._context, "direction": direction.text} if direction.operator == "develop" else self._context
        return Request(operator=direction.operator, parents=(node.heuristic,), context=context, tag=(node.number, direction.text))


def _verdict(parent: Candidate, child: DirectionNode) -> str:
    if child.candidate is None:
        return "failed"
    before, now = parent.objective or 0.0, child.candidate.objective or 0.0
    return "better" if now < before else "worse" if now > before else "no different"
