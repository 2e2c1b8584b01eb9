"""Search policies without a model: a small grammar whose sentences are programs."""

import random
from dataclasses import dataclass, replace
from typing import Literal, get_args

__all__ = ["PolicyGenes"]

_ParentChoice = Literal["uniform", "best", "rank", "tournament", "rested", "promising"]
_ContextChoice = Literal["uniform", "best", "newest", "spread"]

_PARENT_LINES: dict[str, str] = {
    "uniform": "parent = rng.choice(programs)",
    "best": "parent = programs[0]",
    "rank": "parent = rng.choices(programs, weights=[1 / (place + 1) for place in range(len(programs))])[0]",
    "tournament": 'parent = min(rng.choices(programs, k={size}), key=lambda program: program["cost"])',
    "rested": 'parent = min(programs, key=lambda program: (program["children"], program["cost"]))',
    "promising": 'parent = max(programs, key=lambda program: (program["better"] + 1) / (program["children"] + 2))',
}
_CONTEXT_LINES: dict[str, str] = {
    "uniform": "rng.shuffle(others)",
    "best": 'others.sort(key=lambda program: program["cost"])',
    "newest": 'others.sort(key=lambda program: program["age"])',
    "spread": "others = others[:: max(1, len(others) // {contexts})]",
}
_FRAME = """def choose(programs, progress, rng):
    {parent}
    others = [program for program in programs if program["id"] != parent["id"]]
    {context}
    shown = others[: min({contexts}, progress["contexts"])]
    drawn = rng.random()
    label = "diverge" if drawn < {diverge} else "refine" if drawn < {refine} else "free"
    return {{"parent": parent["id"], "label": label, "context": [program["id"] for program in shown]}}
"""
_SIZES = (2, 3, 5, 8)
_COUNTS = (1, 2, 4)
_SHARES = (0.0, 0.1, 0.25, 0.5)


@dataclass(frozen=True, slots=True)
class PolicyGenes:
    """A policy of the grammar; the defaults are EvoX's first policy.

    Attributes:
        parent: How the parent is chosen.
        size: Of a tournament.
        context: Which others are shown.
        contexts: How many of them.
        diverge: Share of children that are to depart from their parent.
        refine: Share of children that are to refine it.
    """

    parent: _ParentChoice = "uniform"
    size: int = 2
    context: _ContextChoice = "uniform"
    contexts: int = 4
    diverge: float = 0.0
    refine: float = 0.0

    def source(self) -> str:
        """The policy as a program."""
        parent = _PARENT_LINES[self.parent].format(size=self.size)
        context = _CONTEXT_LINES[self.context].format(contexts=self.contexts)
        return _FRAME.format(
            parent=parent, context=context, contexts=self.contexts, diverge=self.diverge, refine=self.diverge + self.refine
        )

    def varied(self, rng: random.Random) -> "PolicyGenes":
        """Another policy, near this one.

        One or two genes are drawn anew, until that has an effect.
        """
        while True:
            genes = self
            for _ in range(rng.randint(1, 2)):
                genes = _with_one_changed(genes, rng)
            if genes.source() != self.source():
                return genes


def _with_one_changed(genes: PolicyGenes, rng: random.Random) -> PolicyGenes:
    match rng.randrange(6):
        case 0 | 1:
            return replace(genes, parent=rng.choice(get_args(_ParentChoice)))
        case 2:
            return replace(genes, parent="tournament", size=rng.choice(_SIZES))
        case 3:
            return replace(genes, context=rng.choice(get_args(_ContextChoice)))
        case 4:
            return replace(genes, contexts=rng.choice(_COUNTS))
        case _:
            return replace(genes, diverge=rng.choice(_SHARES), refine=rng.choice(_SHARES))
