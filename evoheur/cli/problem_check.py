"""`evoheur problems check`: does a problem keep to what every problem must, how long does it take, and what is there to beat?"""

import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from numba.core.errors import NumbaError
from rich.console import Console

from evoheur.candidate import Evaluation, InstanceResult, Status
from evoheur.cli.comparison import LEGEND, print_comparison
from evoheur.cli.options import AsJson, ProblemSettings, Splits
from evoheur.cli.output import make_console, print_json, say, working
from evoheur.cli.problem_scores import OWN, SplitScores, score_sets
from evoheur.cli.settings import parse_settings, parse_splits
from evoheur.documents.problem_document import CheckDocument, ProblemCheckDocument
from evoheur.errors import EvoheurError
from evoheur.evaluation.instances import InstanceSet
from evoheur.evaluation.isolation import LimitsConfig
from evoheur.observers.figures import count, duration
from evoheur.problem import Infeasible, load_problem, problem_module
from evoheur.run.config import ProblemConfig
from evoheur.testing.problem_checks import CHECKS, ContractBroken, Subject

__all__ = ["check_problem"]

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

_LONG_SEARCH = 1.0
_ROUNDING = 1e-9  # costs that are sums of floats may end a little below an exact reference


def check_problem(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Bundled name, or the folder of a problem.py.")],
    *,
    settings: ProblemSettings = None,
    split: Splits = None,
    as_json: AsJson = False,
) -> None:
    """Check a problem, say how many seconds an instance takes, and what gaps its textbook rules have.

    Exit code 0 if everything holds, 1 if not. The checks are those of the contract class in evoheur.testing.problems.
    """
    named = ProblemConfig(name=name, settings=parse_settings(settings or ()))
    problem = load_problem(name, named.settings)
    with working("Checking") as saying:
        findings = list(_contract(named, saying))
        scores: Mapping[str, SplitScores] = {}
        if all(finding.ok for finding in findings):
            sets = [InstanceSet.of_split(problem, each) for each in parse_splits(split or ())]
            scores = score_sets(problem, named, sets, saying)
            findings.extend(_of_scores(scores))
    if as_json:
        print_json(_document(named, findings, scores))
    else:
        _print(make_console(), named, findings, scores)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    """One check and what came of it: the detail says what is wrong."""

    name: str
    detail: str = ""

    @property
    def ok(self) -> bool:
        """It holds."""
        return not self.detail


def _contract(named: ProblemConfig, saying: Callable[[str], None]) -> Iterator[_Finding]:
    subject = Subject(name=named.name, settings=named.settings)
    for check in CHECKS:
        saying(check.name)
        try:
            check.run(subject)
        except ContractBroken as broken:
            yield _Finding(name=check.name, detail=str(broken))
        except _AUTHORS as error:
            yield _Finding(name=check.name, detail=f"{type(error).__name__}: {error}{_where(error, named.name)}")
        else:
            yield _Finding(name=check.name)


def _where(error: BaseException, name: str) -> str:
    """The last line of the problem's own files that led to an error."""
    folder = Path(problem_module(name).__file__ or "").parent
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if folder in Path(frame.filename).parents]
    return f" ({Path(own[-1].filename).name}, line {own[-1].lineno}, in {own[-1].name})" if own else ""


def _of_scores(scores: Mapping[str, SplitScores]) -> Iterator[_Finding]:
    yield _Finding(name=f"the {OWN} works in the sandbox", detail=_first_failure({OWN: s.own} for s in scores.values()))
    yield _Finding(name="the textbook rules solve every instance", detail=_first_failure(s.rules for s in scores.values()))
    below = [
        f"{result.instance!r}: {name} costs {result.cost!r}, which is less than the reference {result.reference!r}"
        for scored in scores.values()
        for name, evaluation in {OWN: scored.own, **scored.rules}.items()
        for result in evaluation.results
        if _is_below(result)
    ]
    yield _Finding(name="no cost on any split is below its reference", detail=next(iter(below), ""))


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


def _document(named: ProblemConfig, findings: Sequence[_Finding], scores: Mapping[str, SplitScores]) -> ProblemCheckDocument:
    return ProblemCheckDocument(
        format="problem-check/1",
        name=named.name,
        settings=dict(named.settings),
        ok=all(finding.ok for finding in findings),
        checks=[CheckDocument(name=finding.name, ok=finding.ok, detail=finding.detail) for finding in findings],
        comparison={split: scored.comparison.document() for split, scored in scores.items()},
        seconds_per_instance={split: scored.seconds for split, scored in scores.items()},
    )


def _print(console: Console, named: ProblemConfig, findings: Sequence[_Finding], scores: Mapping[str, SplitScores]) -> None:
    for finding in findings:
        say(console, f"ok      {finding.name}" if finding.ok else f"FAILED  {finding.name}", "" if finding.ok else "bold red")
        if not finding.ok:
            say(console, f"        {finding.detail}")
    for split, scored in scores.items():
        say(console)
        say(console, f"On {split} ({count(len(scored.instances.instances), 'instance')}):", "bold")
        print_comparison(console, scored.comparison)
    if scores:
        say(console, LEGEND)
    say(console)
    for line in _remarks(scores):
        say(console, line)
    failed = sum(not finding.ok for finding in findings)
    if failed:
        say(console, f"{named.name}: {failed} of {count(len(findings), 'check')} failed.", "bold red")
    else:
        say(console, f"{named.name}: all {count(len(findings), 'check')} passed.", "bold green")


def _remarks(scores: Mapping[str, SplitScores]) -> Iterator[str]:
    """What is no fault, and worth knowing before a run."""
    taken = ", ".join(f"{scored.seconds:.3f} s on {split}" for split, scored in scores.items() if scored.seconds is not None)
    if taken:
        yield f"Per instance, the {OWN} takes {taken} (processor time in the sandbox, {next(iter(scores.values())).own.level})."
        slowest = max(scored.slowest for scored in scores.values())
        yield f"Its slowest instance takes {slowest:.3f} s; candidates are stopped after {LimitsConfig().cpu_seconds:g} s on one."
    train = scores.get("train")
    if train is not None and train.own.cpu_seconds > _LONG_SEARCH:
        yield (
            f"One candidate takes {train.own.cpu_seconds:.1f} s on all of train, so a thousand take "
            f"{duration(1000 * train.own.cpu_seconds)} of processor time; fewer or smaller training instances search faster."
        )
    if scores and not any(scored.rules for scored in scores.values()):
        yield "No textbook rules come with it, so nothing will show whether a discovery is any good; add `baselines`."
