"""A store of programs that search policies choose from, with what became of their children."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from evoheur.candidate import Candidate

__all__ = ["ProgramStore", "StoredProgram"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredProgram:
    """A program, and how it fared as a parent.

    Attributes:
        candidate: The program; it worked.
        born: Outcomes that had been told when it came.
        children: Outcomes of requests that it was the parent of.
        better: Those of them that cost less than it.
    """

    candidate: Candidate
    born: int
    children: int = 0
    better: int = 0

    @property
    def cost(self) -> float:
        """Its objective."""
        return self.candidate.objective or 0.0


class ProgramStore:
    """The best programs, each code once.

    It is trusted: a policy only sees it, so none can lose a program.

    Args:
        size: How many it holds.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._programs: list[StoredProgram] = []  # best first

    def __len__(self) -> int:
        return len(self._programs)

    @property
    def ranked(self) -> Sequence[Candidate]:
        """All programs, best first."""
        return tuple(program.candidate for program in self._programs)

    def add(self, candidate: Candidate, told: int) -> None:
        """Take a program in, unless it failed or its code is here.

        The worst goes where there is no room.

        Args:
            candidate: The program.
            told: Outcomes so far.
        """
        if candidate.objective is None or any(_same(program.candidate, candidate) for program in self._programs):
            return
        self._keep([*self._programs, StoredProgram(candidate=candidate, born=told)])

    def learn(self, parent: int, child: Candidate | None) -> None:
        """Take note of a child; None, or a failed one, for a request that brought nothing."""
        objective = None if child is None else child.objective
        self._programs = [
            replace(
                program,
                children=program.children + 1,
                better=program.better + (objective is not None and objective < program.cost),
            )
            if program.candidate.id == parent
            else program
            for program in self._programs
        ]

    def rescored(self, fresh: Mapping[int, Candidate]) -> None:
        """Rank all by their new worth; what failed, or was not scored, leaves."""
        known = [replace(one, candidate=fresh[one.candidate.id]) for one in self._programs if one.candidate.id in fresh]
        self._keep(one for one in known if one.candidate.objective is not None)

    def view(self, told: int) -> list[dict[str, Any]]:
        """What policies are shown of the programs, best first; plain values for JSON."""
        return [
            {
                "id": program.candidate.id,
                "cost": program.cost,
                "label": program.candidate.operator,
                "code": program.candidate.code,
                "age": told - program.born,
                "children": program.children,
                "better": program.better,
            }
            for program in self._programs
        ]

    def statistics(self) -> str:
        """The population in a line."""
        costs = [program.cost for program in self._programs]
        if not costs:
            return "no program yet"
        children, better = (sum(getattr(one, name) for one in self._programs) for name in ("children", "better"))
        return (
            f"{len(costs)} programs, {len(set(costs))} costs: best {costs[0]:.5g}, median {median(costs):.5g}, worst {costs[-1]:.5g}; "
            f"{better} of {children} children beat their parent"
        )

    def _keep(self, programs: Iterable[StoredProgram]) -> None:
        self._programs = sorted(programs, key=lambda program: (program.cost, program.candidate.id))[: self._size]


def _same(one: Candidate, other: Candidate) -> bool:
    return one.code_hash == other.code_hash if one.code_hash and other.code_hash else one.code == other.code
