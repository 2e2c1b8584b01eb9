"""Randomness and settings that every mutation operator works with."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

from evoheur.generation.mutation.abstract_values import AbstractValue
from evoheur.generation.mutation.grammar import Grammar
from evoheur.generation.mutation.material import Corners

__all__ = ["Bench"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Randomness and the settings that operators need.

    Attributes:
        rng: The only source of randomness.
        order_terms: True to allow terms that depend on an array's mean, minimum, median or spread.
        corners: Positions that are known as numbers, with their dimension.
    """

    rng: random.Random
    order_terms: bool = False
    corners: Corners = ()

    def grammar(self, scope: Mapping[str, AbstractValue]) -> Grammar:
        """The grammar over the variables of a scope."""
        return Grammar(self.rng, scope, order_terms=self.order_terms, corners=self.corners)
