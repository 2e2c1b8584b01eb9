"""Questions that put instances to a candidate.

Small instances are put several at a time: a question costs as much as solving a small instance does. What comes out is what asking one by
one gives. A question about several instances has the time and the answer's size of one; if it fails, nobody knows which instance did, so
all of them are asked one by one, from the first on, of a fresh copy of the candidate.
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from evoheur.code.program import read_program
from evoheur.evaluation.binary_tables import held_table
from evoheur.evaluation.instance_set import TOGETHER, InstanceSet
from evoheur.online import OnlineProblem
from evoheur.problem import Infeasible, Instance, Problem, to_json
from evoheur.sandbox.interface import Report, ReportStatus, Session
from evoheur.source_solver import SourceSolver

__all__ = ["FailedTogether", "InstanceOutcome", "NotInSource", "answers", "online_answers", "played", "source_answers"]

_SECONDS = 0.02  # that a question should take: a hundred times what asking costs
_SECONDS_PER_ARRIVAL = 0.001  # of wall time, twenty times what telling one takes on a machine that is not busy
_PUT_OFF = 3.0  # times the wall time of a question, since nobody sees meanwhile whether the candidate is kept from the processor


class FailedTogether(Exception):
    """A question about several instances failed; never leaves the evaluator."""


class NotInSource(Exception):
    """The source of a candidate does not tell a solution; never leaves the evaluator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceOutcome:
    """What came of one instance.

    Attributes:
        instance: Which.
        report: As if it had been asked about alone.
        stepped: Whether an online candidate was told arrival after arrival.
    """

    instance: Instance
    report: Report
    stepped: bool = False


def answers(
    session: Session, instances: InstanceSet, *, together: bool, clock: Callable[[], float] = time.monotonic
) -> Iterator[InstanceOutcome]:
    """Ask about every instance, in order, until a report is not OK.

    Args:
        session: Opened well; asks `evoheur.evaluation.guest_job`.
        instances: What to solve.
        together: Whether several instances of one family may go into a question, once the first has shown how quick they are. They share
            its processor time equally.
        clock: In seconds; only how many go together depends on it.

    Raises:
        FailedTogether: A question about several instances did.
    """
    position, most = 0, 1
    while position < len(instances.instances):
        count = _alike(instances, position, most)
        start = clock()
        reports = _asked(session, instances, position, count)
        seconds = (clock() - start) / count
        asked = instances.instances[position : position + count]
        yield from (InstanceOutcome(instance=instance, report=report) for instance, report in zip(asked, reports, strict=True))
        if reports[-1].status is not ReportStatus.OK:
            return
        position += count
        if together:
            most = max(1, min(2 * count, TOGETHER, int(_SECONDS / max(seconds, 1e-6))))


def source_answers(code: str, problem: Problem[Any], instances: InstanceSet) -> Iterator[InstanceOutcome] | None:
    """Have every instance solved by what the candidate's source says, in order, with nothing executed.

    Returns:
        Answers as the candidate would give them, which raise `NotInSource` where only the candidate knows one; None where its source is no
        formula.
    """
    start = time.thread_time()
    solver = problem.solver_in_source(read_program(code).tree)
    return None if solver is None else _solved_by_source(solver, instances, start)


def _solved_by_source(solver: SourceSolver[Any], instances: InstanceSet, start: float) -> Iterator[InstanceOutcome]:
    for instance in instances.instances:
        solution = solver.solve(instance)
        if solution is None:
            raise NotInSource
        value = {"solution": solution, "notes": dict(solver.notes)}
        report = Report(status=ReportStatus.OK, value=value, cpu_seconds=time.thread_time() - start)
        yield InstanceOutcome(instance=instance, report=report)
        start = time.thread_time()


def online_answers(
    session: Session, problem: OnlineProblem[Any], instances: InstanceSet, *, wall_seconds: float | None
) -> Iterator[InstanceOutcome]:
    """Have every instance of an online problem decided.

    In order, until a report is not OK. Tables are asked for before the candidate is told of any instance, and trusted code follows them.
    What a table does not tell is asked beside the instance or, where the score must be beyond doubt, arrival by arrival.

    Args:
        session: Opened well; asks `evoheur.evaluation.guest_job`.
        problem: Follows tables, and tells what arrives.
        instances: What to decide.
        wall_seconds: What a candidate may take for an instance that is told arrival by arrival; None to ask beside the instance.
    """
    tables: dict[str, Report] = {}
    held: dict[str | None, Any] = {}
    for instance in instances.instances:
        key = _scope_key(problem, instance)
        if key is not None and key not in tables:
            asked = session.ask({"scope": json.loads(key)})
            tables[key], held[key] = replace(asked, binary=b""), held_table(asked.value, asked.binary)
            if asked.status is not ReportStatus.OK:
                yield InstanceOutcome(instance=instance, report=tables[key])
                return
    for instance, encoded in zip(instances.instances, instances.encoded, strict=True):
        key = _scope_key(problem, instance)
        table = Report(status=ReportStatus.OK) if key is None else tables[key]
        if key is not None:
            tables[key] = replace(table, cpu_seconds=0.0)  # booked with the first instance that it serves
        followed = _followed(problem, instance, table, held.get(key))
        if followed is not None:
            yield InstanceOutcome(instance=instance, report=followed)
        elif wall_seconds is None:
            followed = session.ask({"instance": encoded})
            yield InstanceOutcome(instance=instance, report=_with_table(followed, table))
        else:
            followed = played(session, problem, instance, wall_seconds=wall_seconds)
            yield InstanceOutcome(instance=instance, report=_with_table(followed, table), stepped=True)
        if followed.status is not ReportStatus.OK:
            return


def played(session: Session, problem: OnlineProblem[Any], instance: Instance, *, wall_seconds: float) -> Report:
    """Tell an instance arrival by arrival.

    Returns:
        The report as if it had been asked beside the instance.
    """
    arrivals = to_json(problem.arrivals(instance))
    question = {"known": to_json(problem.known(instance)), "name": instance.name}
    report = session.play(question, arrivals, seconds=_PUT_OFF * wall_seconds + _SECONDS_PER_ARRIVAL * len(arrivals))
    return replace(report, value={"solution": report.value, "notes": {}}) if report.status is ReportStatus.OK else report


def _scope_key(problem: OnlineProblem[Any], instance: Instance) -> str | None:
    scope = problem.table_scope(instance)
    return None if scope is None else json.dumps(scope, sort_keys=True)


def _followed(problem: OnlineProblem[Any], instance: Instance, report: Report, table: Any) -> Report | None:
    # The decisions as if the candidate had answered with them; None where it must be asked.
    if table is None:
        return None
    try:
        decisions = problem.follow(instance, table)
    except Infeasible as error:
        return Report(status=ReportStatus.FORFEIT, detail=str(error))
    return None if decisions is None else replace(report, value={"solution": decisions, "notes": report.value.get("notes")})


def _with_table(report: Report, table: Report) -> Report:
    # What asking for a table took and noted belongs to the instances that had to be asked about all the same.
    booked = replace(report, cpu_seconds=report.cpu_seconds + table.cpu_seconds)
    told = table.value.get("notes") if isinstance(table.value, dict) else None
    if not isinstance(told, dict) or not isinstance(report.value, dict) or not isinstance(report.value.get("notes"), dict):
        return booked
    return replace(booked, value={**report.value, "notes": {**told, **report.value["notes"]}})


def _alike(instances: InstanceSet, position: int, most: int) -> int:
    # How many instances from the position on, at most so many, are of one family.
    run = instances.instances[position : position + most]
    return next((count for count, instance in enumerate(run) if instance.family != run[0].family), len(run))


def _asked(session: Session, instances: InstanceSet, position: int, count: int) -> list[Report]:
    encoded = instances.encoded[position : position + count]
    if count == 1:
        return [session.ask({"instance": encoded[0]})]
    report = session.ask({"instances": encoded})
    if report.status is not ReportStatus.OK or not isinstance(report.value, list) or len(report.value) != count:
        raise FailedTogether
    return [replace(report, value=value, cpu_seconds=report.cpu_seconds / count) for value in report.value]
