"""What every problem must keep to; needs pytest and hypothesis."""

import copy
import hashlib
import inspect
import json
import os
import subprocess
import sys
from abc import ABC
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evoheur.problem import SPLITS, Heuristic, Infeasible, Instance, Json, Problem, Split, instance_rng, load_problem, to_json

__all__ = ["ProblemContract", "any_json"]

_SECRETS = ("best_known", "bound", "optimal", "optimum", "reference", "seed", "solution")

_DIGESTS = """
import json, sys
from evoheur.testing.problems import digests
from evoheur.problem import load_problem
name, settings = json.load(sys.stdin)
json.dump(digests(load_problem(name, settings)), sys.stdout)
"""


class ProblemContract(ABC):
    """The expectations; subclass it, name the problem, and pytest collects them.

    Attributes:
        name: What `load_problem` takes: the bundled name, or the path of the problem's folder.
        settings: The problem's settings to test with.
        solved: How many of the smallest training instances are solved with the baseline heuristic.
    """

    name: ClassVar[str]
    settings: ClassVar[Mapping[str, Any]] = {}
    solved: ClassVar[int] = 2

    def problem(self) -> Problem[Any]:
        """A new object of the problem."""
        return load_problem(self.name, self.settings)

    def damaged(self, instance: Instance, solution: Json) -> Mapping[str, Json]:  # noqa: ARG002 - the arguments are for overrides
        """Further broken solutions of the problem's own kind (overfull, repeated, out of order, …), by what is wrong with them.

        Args:
            instance: A small training instance.
            solution: A feasible solution, free to change.
        """
        return {}

    def test_the_model_is_told_enough(self) -> None:
        """The problem and its functions have docstrings, and the functions' parameters and results have types."""
        problem = self.problem()
        assert inspect.getdoc(type(problem)) != inspect.getdoc(Problem)
        for function in problem.functions():
            assert function.__doc__
            signature = inspect.signature(function)
            assert signature.return_annotation is not inspect.Signature.empty
            assert all(parameter.annotation is not inspect.Parameter.empty for parameter in signature.parameters.values())

    @pytest.mark.parametrize("split", SPLITS)
    def test_every_split_has_instances_of_distinct_names(self, split: Split) -> None:
        """No split is empty, and a name tells instances apart."""
        names = [instance.name for instance in self.problem().instances(split)]
        assert names
        assert len(set(names)) == len(names)

    def test_no_instance_is_in_two_splits(self) -> None:
        """Nothing that a score is reported on was searched on."""
        problem = self.problem()
        data: dict[str, str] = {}
        for split in SPLITS:
            for instance in problem.instances(split):
                encoded = {key: value for key, value in problem.encode(instance).items() if key not in {"name", "family"}}
                assert data.setdefault(json.dumps(encoded, sort_keys=True), split) == split, instance.name

    def test_instances_are_the_same_on_every_call_and_in_every_process(self) -> None:
        """Two objects in this process and one in another, with another hash seed, give equal instances."""
        expected = digests(self.problem())
        assert digests(self.problem()) == expected
        # The path is handed on because a problem's folder may be found through it.
        environment = {**os.environ, "PYTHONHASHSEED": "12345", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        finished = subprocess.run(  # noqa: S603 - our own interpreter on our own text
            [sys.executable, "-c", _DIGESTS],
            input=json.dumps([self.name, dict(self.settings)]),
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert finished.returncode == 0, finished.stderr
        assert json.loads(finished.stdout) == expected

    @pytest.mark.parametrize("split", SPLITS)
    def test_an_instance_survives_the_way_to_the_guest(self, split: Split) -> None:
        """Encoded, sent as JSON, decoded and encoded again, an instance is what it was."""
        problem = self.problem()
        for instance in problem.instances(split):
            sent = json.dumps(problem.encode(instance), allow_nan=False)
            assert json.dumps(problem.encode(problem.decode(json.loads(sent)))) == sent

    @pytest.mark.parametrize("split", SPLITS)
    def test_the_guest_is_told_no_answer(self, split: Split) -> None:
        """What is sent has no field named like a reference value."""
        problem = self.problem()
        for instance in problem.instances(split):
            for key in problem.encode(instance):
                assert not any(secret in key.lower() for secret in _SECRETS), key

    def test_the_baseline_heuristic_solves_training_instances(self) -> None:
        """Its solutions survive JSON, are feasible, cost the same twice and no less than the reference, and are the same again."""
        problem = self.problem()
        for instance in self._small(problem):
            solution = self._solution(problem, instance)
            cost = problem.cost(instance, copy.deepcopy(solution))
            assert problem.cost(instance, copy.deepcopy(solution)) == cost
            reference = problem.reference(instance)
            assert reference is None or cost >= reference
            assert self._solution(self.problem(), instance) == solution

    def test_solving_leaves_the_instance_alone(self) -> None:
        """An instance that was solved is the one that was given."""
        problem = self.problem()
        for instance in self._small(problem):
            before = json.dumps(problem.encode(instance))
            self._solution(problem, instance)
            assert json.dumps(problem.encode(instance)) == before

    def test_the_textbook_rules_are_feasible(self) -> None:
        """Every baseline solves training instances, at no less than the reference."""
        problem = self.problem()
        for name, solver in problem.baselines().items():
            for instance in self._small(problem):
                cost = problem.cost(instance, json.loads(json.dumps(to_json(solver(instance)))))
                reference = problem.reference(instance)
                assert reference is None or cost >= reference, name

    def test_warming_up_can_be_repeated(self) -> None:
        """Hosts warm up whenever they start; it has no other effect than speed."""
        problem = self.problem()
        problem.warm_up()
        problem.warm_up()
        instance = next(self._small(problem))
        assert self._solution(problem, instance) == self._solution(self.problem(), instance)

    def test_damaged_solutions_are_refused(self) -> None:
        """Whatever is missing, too much, or of the wrong kind makes a solution infeasible, with a reason."""
        problem = self.problem()
        instance = next(self._small(problem))
        solution = self._solution(problem, instance)
        cases = {**dict(_damages(solution)), **self.damaged(instance, copy.deepcopy(solution))}
        for what, broken in cases.items():
            with pytest.raises(Infeasible) as caught:
                pytest.fail(f"{what}: priced at {problem.cost(instance, broken)}")
            assert str(caught.value), f"{what}: refused without a reason"

    def test_no_answer_breaks_the_pricing(self) -> None:
        """Any JSON at all is priced or refused as infeasible; nothing else is raised."""
        problem = self.problem()
        instance = next(self._small(problem))

        @settings(max_examples=100, deadline=None)
        @given(any_json())
        def check(answer: Json) -> None:
            try:
                cost = problem.cost(instance, answer)
            except Infeasible:
                return
            assert isinstance(cost, float)

        check()

    def _small(self, problem: Problem[Any]) -> Iterator[Instance]:
        return iter(problem.instances("train")[: self.solved])

    def _solution(self, problem: Problem[Any], instance: Instance) -> Json:
        functions = {function.__name__: function for function in problem.functions()}
        heuristic = Heuristic(
            code="\n\n".join(inspect.getsource(function) for function in functions.values()), functions=functions
        )
        received = problem.decode(json.loads(json.dumps(problem.encode(instance))))
        return json.loads(json.dumps(to_json(problem.solve(heuristic, received, instance_rng(0, instance.name)))))


def any_json() -> st.SearchStrategy[Json]:
    """Whatever a guest could send: JSON as Python's reader accepts it, so NaN, infinities and huge numbers too."""
    leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    numbers = st.lists(st.integers(-2, 8), max_size=8)
    return st.recursive(
        leaves | numbers,
        lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=10,
    )


def digests(problem: Problem[Any]) -> dict[str, list[str]]:
    """Split → hash of every instance, by which processes compare."""
    return {
        split: [
            hashlib.sha256(json.dumps(problem.encode(instance)).encode()).hexdigest() for instance in problem.instances(split)
        ]
        for split in SPLITS
    }


def _damages(solution: Json) -> Iterator[tuple[str, Json]]:
    # Damage that needs no knowledge of the problem: the whole answer is something else, or the first whole number in it is.
    others: list[Json] = [
        None,
        True,
        0,
        1.5,
        float("nan"),
        "",
        "0",
        {},
        {"solution": solution},
        [],
        [[]],
        [None],
        [{}],
        [solution],
    ]
    for other in others:
        yield f"{other!r:.40} instead of a solution", other
    if isinstance(solution, list) and solution:
        yield "the last entry is missing", solution[:-1]
        yield "the last entry is there twice", [*solution, solution[-1]]
        yield "a null at the end", [*solution, None]
    values: list[Json] = [-1, 10**6, 2**63, 10**30, 0.5, float("nan"), float("inf"), True, "0", None, [], [0], {}]
    for value in values:
        broken = copy.deepcopy(solution)
        if _replace_first_number(broken, value):
            yield f"{value!r} instead of its first number", broken
    broken = copy.deepcopy(solution)
    if _replace_first_number(broken, None, as_float=True):
        yield "its first number as a float", broken


def _replace_first_number(node: Json, value: Json, *, as_float: bool = False) -> bool:
    entries: list[tuple[Any, Any]] = []
    if isinstance(node, list):
        entries = list(enumerate(node))
    elif isinstance(node, dict):
        entries = list(node.items())
    for key, entry in entries:
        if type(entry) is int:
            node[key] = float(entry) if as_float else value
            return True
        if _replace_first_number(entry, value, as_float=as_float):
            return True
    return False
