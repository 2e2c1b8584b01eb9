"""Puts a candidate's instances to it, small ones several at a time: a question costs as much as solving a small instance does.

What comes out is what asking one by one gives. A question about several instances has the time and the answer's size of one; if it fails,
nobody knows which instance did, so all of them are asked one by one, from the first on, of a fresh copy of the candidate.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from evoheur.evaluation.instances import TOGETHER, InstanceSet
from evoheur.problem import Instance
from sandbox.sandbox import Report, ReportStatus, Session

__all__ = ["FailedTogether", "answers"]

_SECONDS = 0.02  # that a question should take: a hundred times what asking costs


class FailedTogether(Exception):
    """A question about several instances failed; never leaves the evaluator."""


def answers(
    session: Session, instances: InstanceSet, *, together: bool, clock: Callable[[], float] = time.monotonic
) -> Iterator[tuple[Instance, Report]]:
    """Ask about every instance, in order, until a report is not OK.

    Args:
        session: Opened well; asks `evoheur.evaluation.job`.
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
        yield from zip(instances.instances[position : position + count], reports, strict=True)
        if reports[-1].status is not ReportStatus.OK:
            return
        position += count
        if together:
            most = max(1, min(2 * count, TOGETHER, int(_SECONDS / max(seconds, 1e-6))))


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
