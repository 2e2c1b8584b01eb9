"""A problem of one file, or of several, written into a folder."""

from pathlib import Path
from textwrap import dedent

__all__ = ["write_problem"]

COUNTING = dedent(
    '''
    """A problem in a folder: guess a number."""

    from dataclasses import dataclass

    from evoheur.problem import Infeasible, Instance, Problem, whole_numbers
    {sibling}

    def guess(limit: int) -> int:
        """Guess a number up to the limit."""
        return limit


    @dataclass(frozen=True, kw_only=True)
    class Limit(Instance):
        limit: int


    class Guessing(Problem[Limit]):
        """Guess a small number."""

        heuristic = staticmethod(guess)

        def __init__(self, *, limit: int = {limit}) -> None:
            self.limit = limit

        def instances(self, split):
            return [Limit(name=split, family="limits", limit=self.limit)]

        def decode(self, data):
            return Limit(**data)

        def solve(self, heuristic, instance, rng):
            return [heuristic(instance.limit)]

        def cost(self, instance, solution):
            return float(whole_numbers(solution, length=1, low=0, high=instance.limit, what="guess")[0])
    '''
)


def write_problem(folder: Path, *, package: bool = False, sibling: bool = False) -> Path:
    """Write a problem's folder, with or without an `__init__.py`, in one file or two."""
    folder.mkdir()
    if package:
        (folder / "__init__.py").write_text('"""Guessing."""\nLIMIT = 9\n')
    if sibling:
        (folder / "numbers_of_mine.py").write_text("LIMIT = 8\n")
    imported = "from .numbers_of_mine import LIMIT\n" if sibling else ""
    (folder / "problem.py").write_text(COUNTING.format(sibling=imported, limit="LIMIT" if sibling else "7"))
    return folder
