"""Checks of the contract for problems with symmetries.

What a problem declares must hold for its own rule, or every candidate would be refused.
"""

import json
from collections.abc import Callable

from evoheur.candidate import Evaluation, Status
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.scale_probe import LOOKED_AT, ScaleProbe, difference
from evoheur.problem import Heuristic, Infeasible, Json, instance_rng, to_json
from evoheur.testing.examined_problem import Subject, demand

__all__ = ["SYMMETRY_CHECKS", "scale_fault"]


def scale_fault(subject: Subject, code: str) -> str | None:
    r"""What the scale probe holds against a rule, solved in this process; None if nothing.

    For a test of a problem of one's own: a rule that mixes units is to be refused, and one that does not is not.

    Args:
        subject: The problem.
        code: Source that defines the problem's functions; it is trusted.

    Example:
        >>> mixing = "def select_next_node(here, home, nodes, d):\n    return nodes[(abs(d[here, nodes] - 0.3)).argmin()]"
        >>> scale_fault(Subject(name="tsp_constructive", settings={"set": "eoh_tsp50"}), mixing)
        'legacy-2024-50-0 with lengths × 1024 is solved another way: 33 instead of 48 at [1]; the heuristic goes by what must not matter'
        >>> scale_fault(Subject(name="tsp_constructive"), mixing) is None  # distances have no unit there
        True
    """
    problem = subject.problem()
    names: dict[str, object] = {}
    exec(code, names)  # noqa: S102 - a test's own text
    functions = {function.__name__: names[function.__name__] for function in problem.functions()}
    heuristic = Heuristic(code=code, functions=functions)  # type: ignore[arg-type]

    def solve(instances: InstanceSet) -> tuple[Evaluation, list[Json]]:
        solutions = []
        for instance in instances.instances:
            received = problem.decode(json.loads(json.dumps(problem.encode(instance))))
            made = problem.solve(heuristic, received, instance_rng(0, instance.name))
            solutions.append(json.loads(json.dumps(to_json(made))))
        return Evaluation(status=Status.OK, objective=0.0, objective_kind="mean_cost", split=instances.split), solutions

    fault = ScaleProbe(problem, solve).finding(InstanceSet.of_split(problem, "train").few(LOOKED_AT))
    return None if fault is None else fault.detail


def _a_symmetry_makes_a_valid_instance_of_the_same_name(subject: Subject) -> None:
    problem = subject.problem()
    for symmetry in problem.symmetries:
        alike = True
        for instance in subject.small(problem):
            before = json.dumps(problem.encode(instance))
            changed = symmetry.change(instance)
            demand(
                json.dumps(problem.encode(instance)) == before,
                f"{symmetry.name}: it changes {instance.name!r} itself; make a copy",
            )
            demand(
                (changed.name, changed.family) == (instance.name, instance.family),
                f"{symmetry.name}: {instance.name!r} is {changed.name!r} of {changed.family!r} then, and gets other chances",
            )
            sent = json.dumps(problem.encode(changed), allow_nan=False)
            again = json.dumps(problem.encode(problem.decode(json.loads(sent))))
            demand(again == sent, f"{symmetry.name}: {instance.name!r} is another one after encode, JSON and decode")
            alike = alike and sent == before
        demand(not alike, f"{symmetry.name}: nothing is another one after it, so that it proves nothing")


def _the_starting_heuristic_and_the_prices_keep_to_the_symmetries(subject: Subject) -> None:
    problem = subject.problem()
    for symmetry in problem.symmetries:
        for instance in subject.small(problem):
            changed = symmetry.change(instance)
            own, other = subject.solution(problem, instance), subject.solution(problem, changed)
            back = symmetry.back(instance, other)
            where = difference(own, back)
            demand(where is None, f"{symmetry.name}: the starting heuristic solves {instance.name!r} another way: {where}")
            for made, solution, which in ((changed, other, "changed"), (instance, back, "brought back")):
                try:
                    problem.cost(made, solution)
                except Infeasible as error:
                    demand(False, f"{symmetry.name}: the solution of {instance.name!r}, {which}, is refused: {error}")


SYMMETRY_CHECKS: tuple[Callable[[Subject], None], ...] = (
    _a_symmetry_makes_a_valid_instance_of_the_same_name,
    _the_starting_heuristic_and_the_prices_keep_to_the_symmetries,
)
"""In the order in which the first that fails tells most."""
