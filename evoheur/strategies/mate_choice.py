"""Mates of a first parent.

Whom a crossover shows beside it: by rank, by distance of costs, or as complements.

Source: the pair that differs most is EoH-S's (Fei Liu et al. 2025, arXiv 2508.03082), and so is the index that a complement lowers; to use
them for any crossover is ours.
"""

import math
import random
from collections.abc import Sequence
from typing import Literal, TypeAlias

from evoheur.candidate import Candidate
from evoheur.strategies.complementary import distance, worths
from evoheur.strategies.selection import rank_choice

__all__ = ["MateChoice", "MateSetting", "chosen_mates", "mates_by"]

MateChoice: TypeAlias = Literal["rank", "distance", "complement"]
"""How parents beside the first are chosen: drawn by rank; those whose worths differ most; or those that do well where others do not."""

MateSetting: TypeAlias = Literal["published", "rank", "distance", "complement"]
"""A `MateChoice`, or "published" for the way of a method whose own is none of these; that is then its default."""


def mates_by(
    by: MateChoice, first: Candidate, ranked: Sequence[Candidate], count: int, rng: random.Random
) -> tuple[Candidate, ...]:
    """Choose different mates, in any of the ways.

    Args:
        by: Only "rank" draws, with the weights of `rank_choice`.
        first: The first parent.
        ranked: Best first; the first parent may be among them.
        count: How many, or as many as there are.
        rng: Source of randomness.
    """
    if by != "rank":
        return chosen_mates(first, ranked, count, by)
    others = [member for member in ranked if member.id != first.id]
    return tuple(rank_choice(others, min(count, len(others)), rng, distinct=True))


def chosen_mates(
    first: Candidate, ranked: Sequence[Candidate], count: int, by: Literal["distance", "complement"]
) -> tuple[Candidate, ...]:
    """Choose mates greedily, each for the first parent and the mates that were chosen before.

    Args:
        first: The first parent.
        ranked: Best first; the first parent may be among them. Of equal ones the better is chosen.
        count: How many, or as many as there are.
        by: "distance": with the largest sum of L1 distances of worths by instance. "complement": with the smallest mean over instances of
            the best worth among them all. Those that were scored on other instances come last, by rank.
    """
    vector = worths(first)
    comparable = [(worths(member), member) for member in ranked if member.id != first.id]
    alike = [(other, member) for other, member in comparable if other and vector and len(other) == len(vector)]
    unlike = [member for other, member in comparable if not other or not vector or len(other) != len(vector)]
    shown = [vector] if vector else []
    mates: list[Candidate] = []
    while alike and len(mates) < count:
        if by == "distance":
            far = [math.fsum([distance(each, other) for each in shown]) for other, _ in alike]
            place = max(range(len(alike)), key=far.__getitem__)
        else:
            best = [min(column) for column in zip(*shown, strict=True)]
            left = [math.fsum(map(min, best, other)) for other, _ in alike]
            place = min(range(len(alike)), key=left.__getitem__)
        other, mate = alike.pop(place)
        shown.append(other)
        mates.append(mate)
    return tuple([*mates, *unlike][:count])
