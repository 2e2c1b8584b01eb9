"""Checks of the contract for online problems.

Their instances arrive piece by piece.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from evoheur.online import OnlineProblem
from evoheur.problem import Json, instance_rng, to_json
from evoheur.testing.examined_problem import Subject, demand

__all__ = ["ONLINE_CHECKS"]

_TWINS = 8


def _an_online_instance_can_be_told_arrival_by_arrival(subject: Subject) -> None:
    problem = subject.problem()
    if not isinstance(problem, OnlineProblem):
        return
    for instance in subject.small(problem):
        known, arrivals = problem.known(instance), list(problem.arrivals(instance))
        told = json.loads(json.dumps([known, arrivals], allow_nan=False))
        demand(told == [known, arrivals], f"{instance.name!r}: what is known and what arrives is other after JSON")
        demand(arrivals, f"{instance.name!r}: nothing arrives")
        received = problem.decode(json.loads(json.dumps(problem.encode(instance))))
        demand(
            [problem.known(received), list(problem.arrivals(received))] == told,
            f"{instance.name!r}: the guest's copy of it has other arrivals, or more is known",
        )
        solution = subject.solution(problem, instance)
        demand(
            isinstance(solution, list) and len(solution) == len(arrivals),
            f"{instance.name!r}: the solution is {solution!r:.60}, not a list of {len(arrivals)} decisions, one per arrival",
        )
        heuristic = subject.heuristic(problem)
        decide = problem.start(heuristic, known, instance_rng(0, instance.name))
        stepped = json.loads(json.dumps([to_json(decide(arrival)) for arrival in arrivals]))
        demand(stepped == solution, f"{instance.name!r}: `solve` decides otherwise than `start` does arrival by arrival")


def _another_future_changes_only_what_arrives(subject: Subject) -> None:
    problem = subject.problem()
    if not isinstance(problem, OnlineProblem):
        return
    for instance, twin, shared in _twins(problem, subject):
        demand(
            twin.name == instance.name, f"{instance.name!r} is named {twin.name!r} with other arrivals, and gets other chances"
        )
        demand(problem.known(twin) == problem.known(instance), f"{instance.name!r}: what is known depends on what arrives")
        again = problem.decode(json.loads(json.dumps(problem.encode(twin))))
        demand(
            list(problem.arrivals(again)) == list(problem.arrivals(twin)),
            f"{instance.name!r} with other arrivals is another one after encode, JSON and decode",
        )
        demand(
            list(problem.arrivals(twin))[:shared] == list(problem.arrivals(instance))[:shared],
            f"{instance.name!r}: `with_arrivals` does not take the arrivals it is given",
        )
        demand(
            problem.table_scope(twin) == problem.table_scope(instance),
            f"{instance.name!r}: the scope of a table depends on what arrives",
        )


def _the_starting_heuristic_and_the_textbook_rules_do_not_depend_on_the_future(subject: Subject) -> None:
    problem = subject.problem()
    classes = problem.rule_classes()
    solvers: dict[str, Callable[[Any], Json]] = {
        "the starting heuristic": lambda instance: subject.solution(problem, instance),
        **{name: solver for name, solver in problem.textbook_rules().items() if classes.textbook[name].information != "offline"},
    }
    if not isinstance(problem, OnlineProblem):
        return
    for instance, twin, shared in _twins(problem, subject):
        for name, solver in solvers.items():
            made, others = (json.loads(json.dumps(to_json(solver(shown))))[:shared] for shown in (instance, twin))
            demand(
                made == others,
                f"{instance.name!r}: {name} decides otherwise where only what follows decision {shared - 1} is different; it knows the "
                "future",
            )


def _twins(problem: OnlineProblem[Any], subject: Subject) -> Iterator[tuple[Any, Any, int]]:
    """Pairs of instances that begin alike.

    Each instance comes with one that goes on otherwise, and with how many arrivals they share.
    """
    rng = np.random.default_rng(1)
    for instance in subject.small(problem):
        arrivals = list(problem.arrivals(instance))
        for _ in range(_TWINS if len(arrivals) > 1 else 0):
            shared = int(rng.integers(1, len(arrivals)))
            # Arrivals that the instance has, since a heuristic may rightly fail at others; none at all is a future as well.
            tail = [arrivals[place] for place in rng.integers(0, len(arrivals), size=int(rng.integers(0, 65)))]
            yield instance, problem.with_arrivals(instance, [*arrivals[:shared], *tail]), shared


ONLINE_CHECKS: tuple[Callable[[Subject], None], ...] = (
    _an_online_instance_can_be_told_arrival_by_arrival,
    _another_future_changes_only_what_arrives,
    _the_starting_heuristic_and_the_textbook_rules_do_not_depend_on_the_future,
)
"""In the order in which the first that fails tells most."""
