"""The checks of the problem contract, by name.

`ProblemContract` runs them under pytest, `evoheur problems check` without it.
"""

import copy
import hashlib
import inspect
import json
import math
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from evoheur.code.program import measures
from evoheur.problem import SPLITS, Infeasible, Instance, Json, Problem, to_json
from evoheur.problem_modules import bundled_problems, problem_place
from evoheur.testing.broken_answers import any_answers, damages
from evoheur.testing.drawing_checks import DRAWING_CHECKS
from evoheur.testing.examined_problem import ContractBroken, Subject, demand
from evoheur.testing.online_checks import ONLINE_CHECKS
from evoheur.testing.order_checks import ORDER_CHECKS
from evoheur.testing.resampling_checks import RESAMPLING_CHECKS
from evoheur.testing.symmetry_checks import SYMMETRY_CHECKS

__all__ = ["CHECKS", "ContractBroken", "ContractCheck", "Subject", "digests"]

_SECRETS = ("best_known", "bound", "optimal", "optimum", "reference", "seed", "solution")
_TRIED_ANSWERS = 300
_TRUSTED_NAME = re.compile(r"""\.trusted\(\s*["'](\w+)["']""")

_GUEST = """
import json, sys
from evoheur.errors import EvoheurError
from evoheur.evaluation.guest_job import setup
from evoheur.problem import SPLITS
from evoheur.problem_loading import load_problem
name, settings, folder = json.load(sys.stdin)
setup({"problem": name, "settings": settings, "folder": folder})
held, made = sorted(sys.modules), []
for split in SPLITS:
    try:
        load_problem(name, settings).instances(split)
        made.append(split)
    except EvoheurError:
        continue
json.dump({"held": held, "made": made}, sys.stdout)
"""

_DIGESTS = """
import json, sys
from pathlib import Path
from evoheur.testing.problem_checks import digests
from evoheur.problem_loading import load_problem
name, settings, folder = json.load(sys.stdin)
json.dump(digests(load_problem(name, settings, folder=Path(folder) if folder else None)), sys.stdout)
"""


@dataclass(frozen=True, kw_only=True)
class ContractCheck:
    """One check of the contract.

    Attributes:
        name: What must hold, in words.
        run: Looks at a problem; raises `ContractBroken` if it does not hold.
        starts_processes: Whether it needs other processes, which find the problem by its name.
    """

    name: str
    run: Callable[[Subject], None]
    starts_processes: bool = False


def digests(problem: Problem[Any]) -> dict[str, list[str]]:
    """Split → hash of every instance, by which processes compare."""
    return {
        split: [
            hashlib.sha256(json.dumps(problem.encode(instance)).encode()).hexdigest() for instance in problem.instances(split)
        ]
        for split in SPLITS
    }


def _the_model_is_told_enough(subject: Subject) -> None:
    problem = subject.problem()
    kind = type(problem)
    demand(inspect.getdoc(kind) != inspect.getdoc(Problem), f"{kind.__name__} has no docstring, which is what the model is told")
    for function in problem.functions():
        demand(function.__doc__, f"the heuristic {function.__name__} has no docstring, which is what the model is told")
        signature = inspect.signature(function)
        demand(signature.return_annotation is not inspect.Signature.empty, f"{function.__name__} does not say what it returns")
        for parameter in signature.parameters.values():
            demand(
                parameter.annotation is not inspect.Parameter.empty,
                f"parameter {parameter.name!r} of {function.__name__} has no type",
            )


def _every_split_has_instances_of_distinct_names(subject: Subject) -> None:
    problem = subject.problem()
    for split in SPLITS:
        names = [instance.name for instance in problem.instances(split)]
        demand(names, f"the split {split} is empty")
        twice = sorted({name for name in names if names.count(name) > 1})
        demand(not twice, f"two instances of {split} are named {', '.join(map(repr, twice))}")


def _no_instance_is_in_two_splits(subject: Subject) -> None:
    problem = subject.problem()
    seen: dict[str, tuple[str, str]] = {}
    for split in SPLITS:
        for instance in problem.instances(split):
            encoded = {key: value for key, value in problem.encode(instance).items() if key not in {"name", "family"}}
            other_split, other = seen.setdefault(json.dumps(encoded, sort_keys=True), (split, instance.name))
            demand(other_split == split, f"{instance.name!r} of {split} is {other!r} of {other_split} again")


def _instances_are_the_same_on_every_call_and_in_every_process(subject: Subject) -> None:
    expected = digests(subject.problem())
    demand(
        digests(subject.problem()) == expected, "a second object of the problem has other instances; draw them from fixed seeds"
    )
    told = _in_another_process(subject, _DIGESTS)
    demand(
        told == expected,
        "another process has other instances; they must not depend on hash(), the clock or the order of a set",
    )


def _an_instance_survives_the_way_to_the_guest(subject: Subject) -> None:
    problem = subject.problem()
    for split in SPLITS:
        for instance in problem.instances(split):
            sent = json.dumps(problem.encode(instance), allow_nan=False)
            again = json.dumps(problem.encode(problem.decode(json.loads(sent))))
            demand(again == sent, f"{instance.name!r} is another one after encode, JSON and decode")


def _the_guest_is_told_no_answer(subject: Subject) -> None:
    problem = subject.problem()
    for split in SPLITS:
        for instance in problem.instances(split):
            for key in problem.encode(instance):
                told = next((secret for secret in _SECRETS if secret in key.lower()), None)
                demand(told is None, f"{instance.name!r} sends the guest {key!r}; a {told} is for the trusted side only")


def _the_starting_heuristic_solves_training_instances(subject: Subject) -> None:
    problem = subject.problem()
    for instance in subject.small(problem):
        solution = subject.solution(problem, instance)
        cost = _cost(problem, instance, copy.deepcopy(solution), "the starting heuristic")
        again = _cost(problem, instance, copy.deepcopy(solution), "the starting heuristic")
        demand(again == cost, f"{instance.name!r}: one solution costs {cost!r} the first time and {again!r} the second")
        _at_least_the_reference(problem, instance, cost, "the starting heuristic")
        demand(
            subject.solution(subject.problem(), instance) == solution,
            f"{instance.name!r}: solving it twice with equal seeds gives two solutions; draw from `rng` only",
        )


def _what_is_measured_of_solutions_is_finite_and_named_apart(subject: Subject) -> None:
    problem = subject.problem()
    taken = {*measures("x"), "cpu_seconds"}
    names: set[str] | None = None
    for instance in subject.small(problem):
        measured = problem.measures(instance, subject.solution(problem, instance))
        for name, value in measured.items():
            demand(math.isfinite(value), f"{instance.name!r}: measure {name!r} is {value!r}; give a finite number")
            demand(name not in taken, f"measure {name!r} has a name that the code's own measures have; choose another one")
        demand(
            names in (None, set(measured)), f"{instance.name!r} has the measures {sorted(measured)}, others {sorted(names or ())}"
        )
        names = set(measured)


def _solving_leaves_the_instance_alone(subject: Subject) -> None:
    problem = subject.problem()
    for instance in subject.small(problem):
        before = json.dumps(problem.encode(instance))
        subject.solution(problem, instance)
        demand(json.dumps(problem.encode(instance)) == before, f"{instance.name!r} is another one after it was solved")


def _the_textbook_rules_are_feasible(subject: Subject) -> None:
    problem = subject.problem()
    for name, solver in problem.textbook_rules().items():
        for instance in subject.small(problem):
            cost = _cost(problem, instance, json.loads(json.dumps(to_json(solver(instance)))), name)
            _at_least_the_reference(problem, instance, cost, name)


def _warming_up_can_be_repeated(subject: Subject) -> None:
    problem = subject.problem()
    problem.warm_up()
    problem.warm_up()
    for instance in subject.small(problem)[:1]:
        demand(
            subject.solution(problem, instance) == subject.solution(subject.problem(), instance),
            f"{instance.name!r}: its solution is another one after warm_up",
        )


def _damaged_solutions_are_refused(subject: Subject) -> None:
    problem = subject.problem()
    parts = not problem.empty_answer_is_feasible
    for instance in subject.small(problem)[:1]:
        solution = subject.solution(problem, instance)
        for what, broken in [*damages(solution, parts=parts), *subject.damaged(instance, copy.deepcopy(solution)).items()]:
            reason, price = _refusal(problem, instance, broken)
            demand(reason is not None, f"{what}: priced at {price!r}, but must be refused as infeasible")
            demand(reason, f"{what}: refused without a reason")


def _no_answer_breaks_the_pricing(subject: Subject) -> None:
    problem = subject.problem()
    for instance in subject.small(problem)[:1]:
        for answer in any_answers(seed=1, number=_TRIED_ANSWERS):
            reason, price = _refusal(problem, instance, answer)
            demand(reason is not None or isinstance(price, float), f"{answer!r:.80} costs {price!r:.80}, which is no float")


def _the_guest_holds_nothing_trusted(subject: Subject) -> None:
    kind = type(subject.problem())
    package = kind.__module__.rpartition(".")[0]
    modules = {sys.modules[base.__module__] for base in kind.__mro__ if issubclass(base, Problem) and base is not Problem}
    names = sorted({name for module in modules for name in _TRUSTED_NAME.findall(inspect.getsource(module))})
    guest = _in_another_process(subject, _GUEST)
    for name in names:
        demand(
            f"{package}.{name}".lstrip(".") not in guest["held"],
            f"the guest holds the module {name!r}; import it by `self.trusted` only",
        )
    if subject.name in bundled_problems():  # people's own may be a single file, at their own risk
        demand(
            not guest["made"],
            f"the guest can make the splits {', '.join(guest['made'])}; draw them in a module for `self.trusted`",
        )


def _in_another_process(subject: Subject, program: str) -> Json:
    place = problem_place(subject.name)
    # The path is handed on because a problem's folder may be found through it.
    environment = {**os.environ, "PYTHONHASHSEED": "12345", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    finished = subprocess.run(  # noqa: S603 - our own interpreter on our own text
        [sys.executable, "-c", program],
        input=json.dumps([place.name, dict(subject.settings), place.folder]),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    demand(finished.returncode == 0, f"the problem does not load in a process of its own: {finished.stderr.strip()[-500:]}")
    return json.loads(finished.stdout)


def _refusal(problem: Problem[Any], instance: Instance, answer: Json) -> tuple[str | None, Any]:
    try:
        return None, problem.cost(instance, answer)
    except Infeasible as error:
        return str(error), None


def _cost(problem: Problem[Any], instance: Instance, solution: Json, who: str) -> float:
    reason, price = _refusal(problem, instance, solution)
    demand(reason is None, f"{instance.name!r}: the solution of {who} is refused: {reason}")
    return float(price)


def _at_least_the_reference(problem: Problem[Any], instance: Instance, cost: float, who: str) -> None:
    reference = problem.reference(instance)
    demand(
        reference is None or cost >= reference,
        f"{instance.name!r}: {who} costs {cost!r}, which is less than the reference {reference!r}",
    )


_STARTING_PROCESSES = (_instances_are_the_same_on_every_call_and_in_every_process, _the_guest_holds_nothing_trusted)


def _named(*runs: Callable[[Subject], None]) -> Iterator[ContractCheck]:
    for run in runs:
        name = run.__name__.strip("_").replace("_", " ")
        yield ContractCheck(name=name, run=run, starts_processes=run in _STARTING_PROCESSES)


CHECKS: tuple[ContractCheck, ...] = tuple(
    _named(
        _the_model_is_told_enough,
        _every_split_has_instances_of_distinct_names,
        _no_instance_is_in_two_splits,
        _instances_are_the_same_on_every_call_and_in_every_process,
        _an_instance_survives_the_way_to_the_guest,
        _the_guest_is_told_no_answer,
        _the_starting_heuristic_solves_training_instances,
        _what_is_measured_of_solutions_is_finite_and_named_apart,
        _solving_leaves_the_instance_alone,
        _the_textbook_rules_are_feasible,
        _warming_up_can_be_repeated,
        _damaged_solutions_are_refused,
        _no_answer_breaks_the_pricing,
        *ONLINE_CHECKS,
        *RESAMPLING_CHECKS,
        *SYMMETRY_CHECKS,
        *ORDER_CHECKS,
        *DRAWING_CHECKS,
        _the_guest_holds_nothing_trusted,
    )
)
"""All of them, in an order in which the first that fails tells most."""
