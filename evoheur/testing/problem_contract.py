"""The contract of every problem, as a pytest class.

Needs pytest and hypothesis.
"""

from abc import ABC
from collections.abc import Mapping
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evoheur.problem import Infeasible, Instance, Json, Problem
from evoheur.testing.problem_checks import CHECKS, ContractCheck, Subject

__all__ = ["ProblemContract", "any_json"]


class ProblemContract(ABC):
    """The expectations; subclass it, name the problem, and pytest collects them.

    Attributes:
        name: What `load_problem` takes: the bundled name, or the path of the problem's folder.
        settings: The problem's settings to test with.
        solved: How many of the smallest training instances are solved with the starting heuristic and every textbook rule.
    """

    name: ClassVar[str]
    settings: ClassVar[Mapping[str, Any]] = {}
    solved: ClassVar[int] = 2

    def subject(self) -> Subject:
        """The problem under examination."""
        return Subject(name=self.name, settings=self.settings, solved=self.solved, damaged=self.damaged)

    def problem(self) -> Problem[Any]:
        """A new object of the problem."""
        return self.subject().problem()

    def damaged(self, instance: Instance, solution: Json) -> Mapping[str, Json]:  # noqa: ARG002 - the arguments are for overrides
        """Broken solutions of the problem's own kind.

        They come beside the general ones: overfull, repeated, out of order, … The key says what is wrong with one.

        Args:
            instance: A small training instance.
            solution: A feasible solution, free to change.
        """
        return {}

    @pytest.mark.parametrize("check", CHECKS, ids=[check.name.replace(" ", "-") for check in CHECKS])
    def test_the_contract(self, check: ContractCheck) -> None:
        """Every check that `evoheur problems check` runs."""
        check.run(self.subject())

    def test_no_answer_that_hypothesis_finds_breaks_the_pricing(self) -> None:
        """No answer that pricing fails on.

        Any JSON at all is priced or refused as infeasible; nothing else is raised.
        """
        problem = self.problem()
        instance = self.subject().small(problem)[0]

        @settings(deadline=None)  # as many examples as the profile in force says
        @given(any_json())
        def check(answer: Json) -> None:
            try:
                cost = problem.cost(instance, answer)
            except Infeasible:
                return
            assert isinstance(cost, float)

        check()


def any_json() -> st.SearchStrategy[Json]:
    """Whatever JSON a guest could send.

    JSON as Python's reader accepts it, so NaN, infinities and huge numbers too.
    """
    leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    numbers = st.lists(st.integers(-2, 8), max_size=8)
    return st.recursive(
        leaves | numbers,
        lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=10,
    )
