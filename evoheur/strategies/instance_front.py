"""The Pareto front per instance: whoever is best on an instance, drawn by on how many.

Source: GEPA (Agrawal et al. 2025, arXiv 2507.19457), which draws the candidate to be changed so. Who is the best on one instance alone
holds what others lack, whatever its mean is. In the release candidates are texts; here they are whatever is scored by instance: heuristics
as parents, and instructions.
"""

import math
import random
from collections.abc import Sequence
from typing import Literal, TypeAlias

from evoheur.candidate import Candidate
from evoheur.strategies.complementary import worths
from evoheur.strategies.selection import rank_choice

__all__ = ["ParentsBy", "front_choice", "front_leads", "parent_choice"]

ParentsBy: TypeAlias = Literal["rank", "front"]
"""How parents are drawn: by rank of their objectives, or from the front per instance."""


def front_leads(rows: Sequence[Sequence[float]]) -> list[int]:
    """On how many instances each candidate leads, which is its weight.

    A candidate whose every lead is shared by another one that stays is dropped, the worst in the mean first; of equal ones the last.

    Args:
        rows: One for each candidate: what it is worth on each instance, minimised; all of one length.

    Returns:
        A number for each candidate; 0 for one that is not on the front.
    """
    best = [min(column) for column in zip(*rows, strict=True)]
    leads = [{place for place, worth in enumerate(row) if worth == best[place]} for row in rows]
    for number in sorted(range(len(rows)), key=lambda each: (math.fsum(rows[each]), each), reverse=True):
        others = [lead for other, lead in enumerate(leads) if other != number]
        if leads[number] <= set().union(*others):
            leads[number] = set()
    return [len(lead) for lead in leads]


def front_choice(ranked: Sequence[Candidate], count: int, rng: random.Random, *, distinct: bool) -> list[Candidate]:
    """Draw heuristics from the front per instance, by the number of instances they lead.

    Only those compare that were scored on as many instances as the best. Where they must differ and the front has no more, the others
    follow by `rank_choice`.

    Args:
        ranked: What to draw from, best first.
        count: How many to draw; at most `len(ranked)` if they must be distinct.
        rng: Source of randomness.
        distinct: Draw without replacement.
    """
    scored = [(member, worths(member) or ()) for member in ranked]
    alike = [(member, row) for member, row in scored if row and len(row) == len(scored[0][1])]
    if not alike:
        return rank_choice(ranked, count, rng, distinct=distinct)
    led = [(member, lead) for (member, _), lead in zip(alike, front_leads([row for _, row in alike]), strict=True) if lead]
    if not distinct:
        return rng.choices([member for member, _ in led], [lead for _, lead in led], k=count)
    drawn: list[Candidate] = []
    while led and len(drawn) < count:
        place = rng.choices(range(len(led)), [lead for _, lead in led])[0]
        drawn.append(led.pop(place)[0])
    taken = {member.id for member in drawn}
    rest = [member for member in ranked if member.id not in taken]
    return drawn + rank_choice(rest, count - len(drawn), rng, distinct=True)


def parent_choice(
    by: ParentsBy, ranked: Sequence[Candidate], count: int, rng: random.Random, *, distinct: bool
) -> list[Candidate]:
    """Draw parents, as `rank_choice` or `front_choice` do.

    Args:
        by: Which of the two.
        ranked: What to draw from, best first.
        count: How many to draw; at most `len(ranked)` if they must be distinct.
        rng: Source of randomness.
        distinct: Draw without replacement.
    """
    choice = rank_choice if by == "rank" else front_choice
    return choice(ranked, count, rng, distinct=distinct)
