"""Words for what operators do to code.

A generator without a model understands them.
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias

__all__ = ["SPLICED", "VARIATIONS", "VARIATION_OF_OPERATOR", "Variation"]

Variation: TypeAlias = Literal["new", "unlike", "crossover", "mutation", "constants", "simplify", "vary"]

SPLICED = "spliced"
"""Text in the context of a request whose prompt shows its parents crossed by a program.

A request carries the seed of that crossing, a prompt its code.
"""

VARIATIONS: Mapping[Variation, str] = {
    "new": "draw a heuristic without parents",
    "unlike": "draw one of another form than all parents",
    "crossover": "put parts of two parents together",
    "mutation": "change the structure of a parent",
    "constants": "change the numbers of a parent",
    "simplify": "take something away from a parent",
    "vary": "a crossover where there are several different parents, else a mutation",
}
"""Each of them and what it is."""

VARIATION_OF_OPERATOR: Mapping[str, Variation] = {
    "i1": "new",
    "init": "new",
    "e1": "unlike",
    "e2": "crossover",
    "m1": "mutation",
    "m2": "constants",
    "m3": "simplify",
}
"""EoH's operators, and those of other methods that are called the same: they need not say what they mean."""
