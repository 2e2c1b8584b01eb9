"""Checking a problem against its contract.

And measuring it: how long it takes, and what there is to beat.
"""

import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from numba.core.errors import NumbaError

from evoheur.api.problem_draft import check_drafted, is_draft, questions_in
from evoheur.api.problem_scores import OWN, SplitScores, score_sets
from evoheur.candidate import Evaluation, InstanceResult, Status
from evoheur.drafting.draft import OpenQuestion
from evoheur.errors import EvoheurError
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.problem import SPLITS, Infeasible, Split
from evoheur.problem_loading import load_problem
from evoheur.problem_modules import names_folder, problem_module
from evoheur.run.problem_config import ProblemConfig
from evoheur.testing.problem_checks import CHECKS, ContractBroken, Subject

__all__ = ["CheckedProblem", "OpenQuestion", "ProblemFinding", "check_problem"]

_AUTHORS = (
    ArithmeticError,
    AttributeError,
    EvoheurError,
    ImportError,
    Infeasible,
    LookupError,
    MemoryError,
    NameError,
    NumbaError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What a problem's own code raises when something in it is wrong."""

_ROUNDING = 1e-9  # costs that are sums of floats may end a little below an exact reference


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemFinding:
    """One check of a problem and its result; the detail says what is wrong."""

    name: str
    detail: str = ""

    @property
    def ok(self) -> bool:
        """Whether the check is passed."""
        return not self.detail


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedProblem:
    """A checked problem, with findings and scores.

    Attributes:
        named: The problem.
        findings: The checks in their order.
        scores: Split → what its own heuristic and its textbook rules are worth; empty where the contract is broken.
        questions: What its author must decide, as comments in its files ask.
        unapproved: Whether it is a draft that nobody said yes to, so that only the jail was used, and nothing was scored.
    """

    named: ProblemConfig
    findings: Sequence[ProblemFinding]
    scores: Mapping[str, SplitScores] = field(default_factory=dict)
    questions: Sequence[OpenQuestion] = ()
    unapproved: bool = False

    @property
    def ok(self) -> bool:
        """Whether every check is passed."""
        return all(finding.ok for finding in self.findings)


def check_problem(
    named: ProblemConfig, splits: Sequence[Split] = SPLITS, *, saying: Callable[[str], None] = lambda _what: None
) -> CheckedProblem:
    """Check a problem, and score what comes with it.

    It is checked against the contract of `evoheur.testing.problem_contract`; its own heuristic and its textbook rules are scored. Of a
    draft that nobody said yes to, only what can be checked in the jail is.

    Args:
        named: The problem.
        splits: What is scored.
        saying: Hears what is being done.

    Raises:
        ConfigError: There is no such problem.
        ExecutorError: It is a draft, and there is no jail to be had on this machine.
    """
    questions = questions_in(Path(named.name).expanduser()) if names_folder(named.name) else []
    if is_draft(named.name):
        found = check_drafted(Path(named.name).expanduser(), saying)
        jailed = [ProblemFinding(name=finding.name, detail=finding.detail) for finding in found]
        return CheckedProblem(named=named, findings=jailed, questions=questions, unapproved=True)
    problem = load_problem(named.name, named.settings)
    findings = list(_contract(named, saying))
    if not all(finding.ok for finding in findings):
        return CheckedProblem(named=named, findings=findings, questions=questions)
    scores = score_sets(problem, named, [InstanceSet.of_split(problem, split) for split in splits], saying)
    return CheckedProblem(named=named, findings=[*findings, *_of_scores(scores)], scores=scores, questions=questions)


def _contract(named: ProblemConfig, saying: Callable[[str], None]) -> Iterator[ProblemFinding]:
    subject = Subject(name=named.name, settings=named.settings)
    for check in CHECKS:
        saying(check.name)
        try:
            check.run(subject)
        except ContractBroken as broken:
            yield ProblemFinding(name=check.name, detail=str(broken))
        except _AUTHORS as error:
            yield ProblemFinding(name=check.name, detail=f"{type(error).__name__}: {error}{_where(error, named.name)}")
        else:
            yield ProblemFinding(name=check.name)


def _where(error: BaseException, name: str) -> str:
    """The line of the problem's files that led to an error.

    The last one, if there are several.
    """
    folder = Path(problem_module(name).__file__ or "").parent
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if folder in Path(frame.filename).parents]
    return f" ({Path(own[-1].filename).name}, line {own[-1].lineno}, in {own[-1].name})" if own else ""


def _of_scores(scores: Mapping[str, SplitScores]) -> Iterator[ProblemFinding]:
    yield ProblemFinding(name=f"the {OWN} works in the sandbox", detail=_first_failure({OWN: s.own} for s in scores.values()))
    yield ProblemFinding(name="the textbook rules solve every instance", detail=_first_failure(s.rules for s in scores.values()))
    below = [
        f"{result.instance!r}: {name} costs {result.cost!r}, which is less than the reference {result.reference!r}"
        for scored in scores.values()
        for name, evaluation in {OWN: scored.own, **scored.rules}.items()
        for result in evaluation.results
        if _is_below(result)
    ]
    yield ProblemFinding(name="no cost on any split is below its reference", detail=next(iter(below), ""))


def _first_failure(evaluated: Iterable[Mapping[str, Evaluation]]) -> str:
    failed = (
        f"{name} on {evaluation.split}: {evaluation.status.value}: {evaluation.detail}"
        for evaluations in evaluated
        for name, evaluation in evaluations.items()
        if evaluation.status is not Status.OK
    )
    return next(failed, "")


def _is_below(result: InstanceResult) -> bool:
    if result.cost is None or result.reference is None:
        return False
    return result.cost < result.reference - _ROUNDING * abs(result.reference)
