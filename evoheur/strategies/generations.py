"""ReEvo's population of generations, as pure state.

Every generation's crossover children take the place of the one before, and the best is kept aside.

Source: Ye et al. 2024 (arXiv:2402.01145), whose selection and replacement HSEvo (Dat et al. 2025, arXiv:2412.14995) shares.
"""

import math
import random
from collections import Counter, deque
from collections.abc import Mapping, Sequence

from evoheur.candidate import Candidate
from evoheur.request import Outcome
from evoheur.strategies.mate_choice import MateSetting, mates_by
from evoheur.strategies.selection import renewed, survivors

__all__ = ["Generations", "unequal_pair"]


class Generations:
    """The breeding generation, the one being born, and the elite.

    A generation is complete when so many crossovers came to an end, whatever became of them; which ones does not matter.

    Attributes:
        elite: The best heuristic ever told; the problem's own one until something is better.
        completed: How many generations of crossover children are complete.
    """

    def __init__(self, baseline: Candidate, *, size: int, capacity: int, overlapping: bool, bound: float | None) -> None:
        """Begin with the elite alone.

        Args:
            baseline: The problem's own heuristic: the first elite, and no member.
            size: How many crossovers make a generation.
            capacity: The most members; the oldest leave first. Only matters where initial requests are repeated, and for immigrants.
            overlapping: Whether children are selected before their generation is complete, beside their parents' generation.
            bound: An objective that heuristics must be better than to be selected; None if all may be that worked.
        """
        self.elite = baseline
        self.completed = 0
        self._size = size
        self._overlapping = overlapping
        self._limit = math.inf if bound is None else bound
        self._members: deque[Candidate] = deque(maxlen=capacity)
        self._children: deque[Candidate] = deque(maxlen=capacity)
        self._ended = 0  # crossovers of the generation that is being born

    @property
    def members(self) -> Sequence[Candidate]:
        """The generation that breeds: heuristics that worked, oldest first."""
        return tuple(self._members)

    @property
    def pool(self) -> Sequence[Candidate]:
        """The candidates that parents are drawn from, each once.

        The members, the children where generations overlap, and the elite.
        """
        children = self._children if self._overlapping else ()
        pool = {member.id: member for member in (*self._members, *children)}
        if _worth(self.elite) < self._limit:
            pool.setdefault(self.elite.id, self.elite)
        return tuple(pool.values())

    def add(self, outcome: Outcome) -> None:
        """Take a heuristic into the generation that breeds.

        It is an initial one, a mutant or a tuned one; what failed is passed over.
        """
        if isinstance(outcome, Candidate) and self._counts(outcome):
            self._members.append(outcome)

    def add_child(self, outcome: Outcome) -> bool:
        """Take a crossover's outcome into the generation being born.

        Returns:
            True if that generation is complete and now breeds.
        """
        if isinstance(outcome, Candidate) and self._counts(outcome):
            self._children.append(outcome)
        self._ended += 1
        if self._ended < self._size:
            return False
        self._members, self._children = self._children, deque(maxlen=self._children.maxlen)
        self._ended = 0
        self.completed += 1
        return True

    def immigrate(self, candidate: Candidate) -> None:
        """Take a foreign heuristic into both generations.

        So it can breed at once and for as long as a child of its age.
        """
        if self._counts(candidate):
            self._members.append(candidate)
            self._children.append(candidate)

    def elites(self) -> Sequence[Candidate]:
        """The elite and the best of both generations, best first.

        No objective comes twice; as many as make a generation.
        """
        return tuple(survivors([self.elite, *self._members, *self._children], self._size))

    def everyone(self) -> Sequence[Candidate]:
        """The elite and both generations, each heuristic once."""
        return tuple({member.id: member for member in (self.elite, *self._members, *self._children)}.values())

    def rescored(self, fresh: Mapping[int, Candidate], *, bound: float | None) -> None:
        """Take the new worth of everyone; see `Strategy.rescored`.

        Args:
            fresh: As there.
            bound: As in the constructor.
        """
        self._limit = math.inf if bound is None else bound
        known = renewed((self.elite, *self._members, *self._children), fresh)
        self.elite = min(known, key=_worth, default=self.elite)
        for generation in (self._members, self._children):
            kept = [fresh[member.id] for member in generation]
            generation.clear()
            generation.extend(member for member in kept if _worth(member) < self._limit)

    def _counts(self, candidate: Candidate) -> bool:
        """Whether it can ever be selected; keeps the elite up to date."""
        if _worth(candidate) < _worth(self.elite):
            self.elite = candidate
        return _worth(candidate) < self._limit


def unequal_pair(
    pool: Sequence[Candidate], rng: random.Random, mate: MateSetting = "published"
) -> tuple[Candidate, Candidate] | None:
    """Draw two candidates of different objective.

    As published every such pair has the same chance. ReEvo draws two without replacement, and again while their objectives are equal,
    up to 1,000 times; this is the same distribution.

    Args:
        pool: Candidates that worked, each once.
        rng: Source of randomness.
        mate: How the second is chosen, among those of another objective; the first is drawn as published.

    Returns:
        The worse and the better one; None, without a draw, if all objectives are equal.
    """
    alike = Counter(member.objective for member in pool)
    if len(alike) < 2:
        return None
    first = rng.choices(pool, [len(pool) - alike[member.objective] for member in pool])[0]
    others = [member for member in pool if member.objective != first.objective]
    if mate == "published":
        second = rng.choice(others)
    else:
        [second] = mates_by(mate, first, sorted(others, key=lambda member: (_worth(member), member.id)), 1, rng)
    return (first, second) if _worth(first) > _worth(second) else (second, first)


def _worth(candidate: Candidate) -> float:
    return math.inf if candidate.objective is None else candidate.objective
