"""The contract of problems whose solutions are packings."""

from collections.abc import Mapping

from evoheur.problem import Instance, Json
from evoheur.testing.problem_contract import ProblemContract

__all__ = ["PackingContract"]


class PackingContract(ProblemContract):
    """What every problem must, and what is wrong with packings."""

    def damaged(self, instance: Instance, solution: Json) -> Mapping[str, Json]:
        """Every item in bin 0; a bin beyond the last, which is number items - 1."""
        return {"all in one bin": [0] * len(solution), "a bin too many": [*solution[:-1], len(solution)]}
