"""Lock-step: cheats are found always, honest rules that look suspicious never, and rules that do not repeat themselves are no cheats."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pytest

from evoheur.candidate import Evaluation, Status
from evoheur.evaluation.evaluator import Evaluator
from evoheur.evaluation.instances import InstanceSet
from evoheur.evaluation.isolation import guest_entry
from evoheur.evaluation.lockstep import Finding, LockStep
from evoheur.online import OnlineProblem
from evoheur.problem import Json, load_problem
from problems.bin_packing_online.problem import OnlineBinPacking
from sandbox.process import ProcessSandbox
from sandbox.sandbox import Limits, Report, ReportStatus, Session
from tests.problems.bin_packing_online.cheats import CHEATS, HONEST, TAILS, UNREPEATABLE, tail

NAME = "bin_packing_online"


def cut_streams(folder: Path, items: int) -> InstanceSet:
    """The first items of two training streams."""
    problem = load_problem(NAME)
    cut = [
        {"name": stream.name, "capacity": stream.capacity, "items": stream.items[:items].tolist()}
        for stream in problem.instances("train")[:2]
    ]
    path = folder / f"streams-{items}.json"
    path.write_text(json.dumps({"instances": cut}))
    return InstanceSet.of_path(problem, path)


@pytest.fixture(scope="module")
def streams(tmp_path_factory: pytest.TempPathFactory) -> InstanceSet:
    """Streams of 400 items."""
    return cut_streams(tmp_path_factory.mktemp("streams"), 400)


@pytest.fixture(scope="module")
def long_streams(tmp_path_factory: pytest.TempPathFactory) -> InstanceSet:
    """Streams of 800 items."""
    return cut_streams(tmp_path_factory.mktemp("streams"), 800)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[ProcessSandbox]:
    made = ProcessSandbox(guest_entry(NAME, {}))
    yield made
    made.close()


def checked(sandbox: ProcessSandbox, code: str, streams: InstanceSet, *, seed: int = 1) -> Evaluation:
    """A candidate's evaluation in lock-step; without it, it is OK."""
    evaluator = Evaluator(load_problem(NAME), sandbox, Limits(wall_seconds=60), seed=seed)
    evaluation = evaluator.evaluate(code, streams)
    assert evaluation.status is Status.OK, evaluation.detail
    return evaluator.evaluate(code, streams, probe=True)


@pytest.mark.parametrize("what", sorted(CHEATS))
def test_a_rule_that_knows_the_future_is_found_out(sandbox: ProcessSandbox, streams: InstanceSet, what: str) -> None:
    """Its status is "cheating", the reason names the instance, and nothing is left of its score; a peek at the next item is enough."""
    evaluation = checked(sandbox, CHEATS[what], streams)
    assert (evaluation.status, evaluation.objective, evaluation.results) == (Status.CHEATING, None, ()), evaluation.detail
    assert "weibull-5k-c100-s100" in evaluation.detail
    assert "depend on what had not arrived yet" in evaluation.detail


@pytest.mark.parametrize("items", TAILS)
def test_a_rule_that_is_honest_until_the_last_items_is_found_out(
    sandbox: ProcessSandbox, long_streams: InstanceSet, items: int
) -> None:
    """However few they are."""
    evaluation = checked(sandbox, tail(items), long_streams)
    assert evaluation.status is Status.CHEATING, evaluation.detail


@pytest.mark.parametrize("what", sorted(HONEST))
def test_honest_rules_are_never_accused(sandbox: ProcessSandbox, streams: InstanceSet, what: str) -> None:
    for seed in range(3):
        evaluation = checked(sandbox, HONEST[what], streams, seed=seed)
        assert evaluation.status is Status.OK, evaluation.detail
        assert len(evaluation.results) == 2


@pytest.mark.parametrize("what", sorted(UNREPEATABLE))
def test_a_rule_that_does_not_repeat_itself_is_no_cheat(sandbox: ProcessSandbox, streams: InstanceSet, what: str) -> None:
    """It fails all the same, because the same candidate must always get the same score; the reason says so."""
    evaluation = checked(sandbox, UNREPEATABLE[what], streams)
    assert evaluation.status is Status.ERROR
    assert evaluation.detail.startswith("not repeatable: ")


def test_the_same_candidate_gets_the_same_verdict(sandbox: ProcessSandbox, streams: InstanceSet) -> None:
    """So that what is stored can be found again."""
    assert len({checked(sandbox, CHEATS["next item fits beside"], streams).detail for _ in range(2)}) == 1


def test_a_rule_with_a_table_is_never_told_of_an_instance(sandbox: ProcessSandbox, streams: InstanceSet) -> None:
    """One that would fail as soon as it holds a stream is scored like the same rule without that, and there is nothing to repeat."""
    watching = """
import gc
import numpy as np
def priority(item, bins):
    return -(bins - item).astype(float)
class Never(dict):
    def __contains__(self, key):
        raise RuntimeError("it was told of an instance")
import problems.bin_packing_online.problem as module
kind = module.OnlineBinPacking
def decode(self, data):
    raise RuntimeError("it was told of an instance")
kind.decode = kind.start = decode
"""
    honest = "def priority(item, bins):\n    return -(bins - item).astype(float)\n"
    evaluator = Evaluator(load_problem(NAME), sandbox, Limits(wall_seconds=60), seed=1)
    scored = [evaluator.evaluate(code, streams, probe=True) for code in (honest, _as_level_rule(watching))]
    assert scored[0].objective == scored[1].objective is not None
    assert {result.notes["path"] for evaluation in scored for result in evaluation.results} == {"levels"}


def _as_level_rule(code: str) -> str:
    # What is not understood at module level makes no level rule, so the analysis is replaced by its verdict.
    return f"""
import problems.bin_packing_online.tabulate as tabulate
from problems.bin_packing_online.level_rule import Verdict
tabulate.analyse = lambda code, name: Verdict(is_level_rule=True)
{code}"""


def test_a_table_that_is_none_is_cheating(sandbox: ProcessSandbox, streams: InstanceSet) -> None:
    """Only a candidate that reaches into its process can send one."""
    code = """
import problems.bin_packing_online.problem as module
module.OnlineBinPacking.tabulate = lambda self, heuristic, scope: {"scores": "AAAA", "missing": []}
def priority(item, bins):
    return -bins
"""
    evaluation = Evaluator(load_problem(NAME), sandbox, Limits(), seed=1).evaluate(code, streams)
    assert (evaluation.status, evaluation.objective) == (Status.CHEATING, None)
    assert "the scores are no numbers in base 64" in evaluation.detail


def test_an_offline_problem_is_not_checked(scheduling: str) -> None:
    """Nothing more is asked, so it costs nothing."""
    problem = load_problem(scheduling)
    assert not InstanceSet.of_split(problem, "train").online
    assert not isinstance(problem, OnlineProblem)


class FakeSession:
    """A child in this process."""

    def __init__(self, children: "FakeChildren") -> None:
        self._children = children
        self.closed = False

    def ask(self, question: Json) -> Report:
        assert not self.closed
        self._children.asked.append("whole")
        return self._children.whole(len(self._children.asked))

    def play(self, question: Json, arrivals: Sequence[Json], *, expected: Sequence[Json] | None, seconds: float) -> Report:
        assert not self.closed
        assert question["known"] == {"capacity": 100, "bins": 400}
        assert 60 < seconds < 70
        self._children.asked.append(question["name"])
        return self._children.stepped(arrivals, len(self._children.asked))

    def close(self) -> None:
        self.closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def decide(arrivals: Sequence[int]) -> list[int]:
    """Next fit."""
    decisions, free = [0], 100 - arrivals[0]
    for item in arrivals[1:]:
        fits = item <= free
        decisions.append(decisions[-1] + (0 if fits else 1))
        free = (free if fits else 100) - item
    return decisions


class FakeChildren:
    """Opens fake sessions that answer with reports of a test's choice, and notes what they are asked."""

    def __init__(self, whole: Callable[[int], Report], stepped: Callable[[Sequence[Json], int], Report]) -> None:
        self.whole, self.stepped = whole, stepped
        self.opened: list[int] = []
        self.asked: list[str] = []

    def open(self, questions: int) -> tuple[Session, Report]:
        self.opened.append(questions)
        return FakeSession(self), Report(status=ReportStatus.OK)

    def finding(self, streams: InstanceSet) -> Finding | None:
        """What is found against this candidate, which was scored for next fit."""
        problem = OnlineBinPacking()
        scored = [(instance, decide(problem.arrivals(instance))) for instance in streams.instances]  # type: ignore[arg-type]
        return LockStep(problem, self.open, wall_seconds=60.0).finding(scored)


def ok(value: Json) -> Report:
    return Report(status=ReportStatus.OK, value=value)


def never(_count: int) -> Report:
    raise AssertionError("nothing has to be explained")


def test_all_instances_are_played_in_one_fresh_process_the_last_first(streams: InstanceSet) -> None:
    """Another order, so that a rule that remembers earlier instances shows."""
    children = FakeChildren(never, lambda arrivals, _count: ok(decide(arrivals)))
    assert children.finding(streams) is None
    assert children.opened == [2]
    assert children.asked == [instance.name for instance in reversed(streams.instances)]


@pytest.mark.parametrize("detail", ["Traceback\nValueError: too short", "", "\n \n"])
def test_failing_where_nothing_is_known_of_the_future_is_cheating(streams: InstanceSet, detail: str) -> None:
    """Beside the instance it went well, twice. What a candidate writes as its reason may be anything, even nothing."""
    last = streams.instances[-1]
    made = decide(OnlineBinPacking().arrivals(last))  # type: ignore[arg-type]
    failed = Report(status=ReportStatus.ERROR, detail=detail)
    finding = FakeChildren(lambda _count: ok({"solution": made}), lambda _arrivals, _count: failed).finding(streams)
    assert finding is not None
    assert finding.status is Status.CHEATING
    assert f"the rule fails there ({'ValueError: too short' if detail.strip() else 'it says nothing'})" in finding.detail


@pytest.mark.parametrize(
    ("report", "status"),
    [
        (ReportStatus.TIMEOUT, Status.TIMEOUT),
        (ReportStatus.MEMORY, Status.MEMORY),
        (ReportStatus.CRASHED, Status.CRASHED),
        (ReportStatus.OUTPUT, Status.OUTPUT),
        (ReportStatus.FORFEIT, Status.CHEATING),
    ],
)
def test_how_else_it_ends_is_told_as_it_is(streams: InstanceSet, report: ReportStatus, status: Status) -> None:
    """A machine that is far too busy is no cheat."""
    ended = Report(status=report, detail="what happened")
    finding = FakeChildren(never, lambda _arrivals, _count: ended).finding(streams)
    assert finding is not None
    assert finding.status is status
    assert "arrival by arrival: what happened" in finding.detail


def test_what_was_solved_before_is_told_apart_from_what_is_to_come(streams: InstanceSet) -> None:
    """In a process of its own the instance is decided as it was scored, in both ways."""
    last = streams.instances[-1]
    made = decide(OnlineBinPacking().arrivals(last))  # type: ignore[arg-type]
    children = FakeChildren(
        lambda _count: ok({"solution": made}), lambda arrivals, count: ok([1] if count == 1 else decide(arrivals))
    )
    finding = children.finding(streams)
    assert finding is not None
    assert finding.status is Status.ERROR
    assert "depends on what was solved before in the same process" in finding.detail


def test_deciding_in_one_way_and_then_in_another_is_not_repeatable(streams: InstanceSet) -> None:
    last = streams.instances[-1]
    made = decide(OnlineBinPacking().arrivals(last))  # type: ignore[arg-type]
    children = FakeChildren(lambda _count: ok({"solution": made}), lambda _arrivals, count: ok([count]))
    finding = children.finding(streams)
    assert finding is not None
    assert finding.status is Status.ERROR
    assert "in one way and then in another" in finding.detail


@pytest.mark.parametrize("solution", [None, {}, "x", 7, [], [0]])
def test_a_solution_without_a_decision_for_each_arrival_is_cheating(streams: InstanceSet, solution: Json) -> None:
    """A problem may price what it is given, but only decisions can be repeated."""
    children = FakeChildren(never, lambda arrivals, _count: ok(decide(arrivals)))
    check = LockStep(OnlineBinPacking(), children.open, wall_seconds=60.0)
    finding = check.finding([(streams.instances[0], solution)])
    assert finding is not None
    assert finding.status is Status.CHEATING
    assert "not one decision for each arrival" in finding.detail


def test_the_bundled_problem_is_online_from_a_copy_of_its_folder_too(tmp_path: Path) -> None:
    """That is where a user starts; its trusted modules are found beside it."""
    source = Path(__file__).parents[3] / "problems" / NAME
    folder = tmp_path / "mine"
    folder.symlink_to(source)
    problem = load_problem(str(folder))
    assert isinstance(problem, OnlineProblem)
    assert np.sum(problem.arrivals(problem.instances("train")[0])) > 0
