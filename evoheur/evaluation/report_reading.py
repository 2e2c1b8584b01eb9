"""Reading of the sandbox's reports about a candidate.

What a report means for the candidate it is about.
"""

from evoheur.candidate import Status
from evoheur.problem import Json
from evoheur.sandbox.interface import Report, ReportStatus

__all__ = ["STATUS_OF", "Unanswered", "solution_in"]

STATUS_OF = {
    ReportStatus.OK: Status.OK,
    ReportStatus.ERROR: Status.ERROR,
    ReportStatus.TIMEOUT: Status.TIMEOUT,
    ReportStatus.MEMORY: Status.MEMORY,
    ReportStatus.OUTPUT: Status.OUTPUT,
    ReportStatus.CRASHED: Status.CRASHED,
    ReportStatus.FORFEIT: Status.CHEATING,
}


class Unanswered(Exception):
    """An answer without the form of the solver's.

    A candidate must have made it up, then; never leaves the evaluator.
    """


def solution_in(report: Report) -> Json:
    """The solution in an answer of `evoheur.evaluation.guest_job`, unchecked.

    Args:
        report: Its status is OK.

    Raises:
        Unanswered: There is none in it.
    """
    if not isinstance(report.value, dict) or "solution" not in report.value:
        raise Unanswered(f"the answer is not the solver's: {report.value!r:.80}")
    return report.value["solution"]
