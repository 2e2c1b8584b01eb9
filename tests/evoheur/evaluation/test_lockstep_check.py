"""Lock-step: cheats are found always, honest rules that look suspicious never, and rules that do not repeat themselves are no cheats."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pytest

from evoheur.candidate import Evaluation, Status
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.evaluator import Evaluator
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.isolation import guest_entry
from evoheur.evaluation.lockstep_check import LockStep, LockStepFault
from evoheur.online import OnlineProblem
from evoheur.problem import Json
from evoheur.problem_loading import load_problem
from evoheur.problems.bin_packing_online.problem import OnlineBinPacking
from evoheur.sandbox.interface import Limits, Report, ReportStatus, Session
from evoheur.sandbox.process import ProcessSandbox
from tests.problems.bin_packing_online.support.cheats import CHEATS, HONEST, TAILS, UNREPEATABLE, tail

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
    evaluation = evaluator.evaluate(EvaluationTask(code=code, instances=streams))
    assert evaluation.status is Status.OK, evaluation.detail
    return evaluator.evaluate(EvaluationTask(code=code, instances=streams, probe=True))


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
import evoheur.problems.bin_packing_online.problem as module
kind = module.OnlineBinPacking
def decode(self, data):
    raise RuntimeError("it was told of an instance")
kind.decode = kind.start = decode
"""
    honest = "def priority(item, bins):\n    return -(bins - item).astype(float)\n"
    evaluator = Evaluator(load_problem(NAME), sandbox, Limits(wall_seconds=60), seed=1)
    scored = [
        evaluator.evaluate(EvaluationTask(code=code, instances=streams, probe=True))
        for code in (honest, _as_level_heuristic(watching))
    ]
    assert scored[0].objective == scored[1].objective is not None
    assert {result.notes["path"] for evaluation in scored for result in evaluation.results} == {"levels"}


def _as_level_heuristic(code: str) -> str:
    # A module that may keep state has no table, so what shows that it keeps none is replaced.
    return f"""
import evoheur.problems.bin_packing_online.tabulate as tabulate
class Shown:
    def __init__(self, code, name):
        pass
    def is_shown_at_once(self, levels):
        return True
    def scores(self, size, levels):
        return priority(size, levels)
tabulate.LevelHeuristic = Shown
{code}"""


def test_a_table_that_is_none_is_cheating(sandbox: ProcessSandbox, streams: InstanceSet) -> None:
    """Only a candidate that reaches into its process can send one."""
    code = """
import evoheur.problems.bin_packing_online.problem as module
module.OnlineBinPacking.tabulate = lambda self, heuristic, scope: {"scores": b"AAAA", "missing": []}
def priority(item, bins):
    return -bins
"""
    evaluation = Evaluator(load_problem(NAME), sandbox, Limits(), seed=1).evaluate(EvaluationTask(code=code, instances=streams))
    assert (evaluation.status, evaluation.objective) == (Status.CHEATING, None)
    assert "the table has 4 bytes of scores" in evaluation.detail


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
        self._children.asked.append("beside")
        return self._children.beside(question["instance"]["name"], len(self._children.asked))

    def play(self, question: Json, arrivals: Sequence[Json], *, seconds: float) -> Report:
        assert not self.closed
        assert question["known"] == {"capacity": 100, "bins": 400}
        assert 180 < seconds < 190
        self._children.asked.append("stepped")
        return self._children.stepped(arrivals)

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

    def __init__(self, beside: Callable[[str, int], Report], stepped: Callable[[Sequence[Json]], Report] | None = None) -> None:
        self.beside = beside
        self.stepped = stepped or (lambda arrivals: Report(status=ReportStatus.OK, value=decide(arrivals)))
        self.opened: list[int] = []
        self.asked: list[str] = []
        self.sessions: list[FakeSession] = []

    def open(self, questions: int) -> tuple[Session, Report]:
        assert not self.sessions or self.sessions[-1].closed
        self.opened.append(questions)
        self.sessions.append(FakeSession(self))
        return self.sessions[-1], Report(status=ReportStatus.OK)

    def finding(self, streams: InstanceSet) -> LockStepFault | None:
        """What is found against this candidate, which decided as next fit in lock-step."""
        scored = [(instance, made(streams, instance.name)) for instance in streams.instances]
        return LockStep(OnlineBinPacking(), self.open, wall_seconds=60.0).finding(scored)


def made(streams: InstanceSet, name: str) -> list[int]:
    """What next fit decides on a stream."""
    problem = OnlineBinPacking()
    return next(decide(problem.arrivals(stream)) for stream in streams.instances if stream.name == name)  # type: ignore[arg-type]


def solved(decisions: Json) -> Report:
    return Report(status=ReportStatus.OK, value={"solution": decisions, "notes": {}})


def test_all_instances_are_asked_in_one_fresh_process_the_last_first(streams: InstanceSet) -> None:
    """Another order, so that a rule that remembers earlier instances shows."""
    names: list[str] = []

    def beside(name: str, _count: int) -> Report:
        names.append(name)
        return solved(made(streams, name))

    children = FakeChildren(beside)
    assert children.finding(streams) is None
    assert children.opened == [2]
    assert names == [instance.name for instance in reversed(streams.instances)]


@pytest.mark.parametrize("value", [None, {}, [0], {"solution": None}, {"solution": {"no": "list"}}, {"solution": [1.0, 1]}])
def test_another_answer_beside_the_instance_is_cheating(streams: InstanceSet, value: Json) -> None:
    """Of any form whatever."""
    finding = FakeChildren(lambda _name, _count: Report(status=ReportStatus.OK, value=value)).finding(streams)
    assert finding is not None
    assert finding.status is Status.CHEATING
    assert "decisions depend on what had not arrived yet" in finding.detail


def test_decisions_are_compared_as_json(streams: InstanceSet) -> None:
    """To Python true is 1; whoever prices may see it otherwise."""

    def beside(name: str, _count: int) -> Report:
        return solved([*made(streams, name)[:-1], float(made(streams, name)[-1])])

    finding = FakeChildren(beside).finding(streams)
    assert finding is not None
    assert finding.status is Status.CHEATING
    assert "makes another decision 399" in finding.detail


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
    finding = FakeChildren(lambda _name, _count: Report(status=report, detail="what happened")).finding(streams)
    assert finding is not None
    assert finding.status is status
    assert "with the whole instance: what happened" in finding.detail


def test_what_was_solved_before_is_told_apart_from_what_is_to_come(streams: InstanceSet) -> None:
    """In a process of its own the instance is decided as it was scored, in both ways."""
    finding = FakeChildren(lambda name, count: solved([1] if count == 1 else made(streams, name))).finding(streams)
    assert finding is not None
    assert finding.status is Status.ERROR
    assert "depends on what was solved before in the same process; make what the heuristic remembers anew" in finding.detail


def test_deciding_in_one_way_and_then_in_another_is_not_repeatable(streams: InstanceSet) -> None:
    children = FakeChildren(lambda _name, _count: solved([1]), lambda _arrivals: Report(status=ReportStatus.OK, value=[5]))
    finding = children.finding(streams)
    assert finding is not None
    assert finding.status is Status.ERROR
    assert "again in a fresh process gives another decision 0" in finding.detail


@pytest.mark.parametrize("detail", ["Traceback\nValueError: too short", "", "\n \n"])
def test_failing_where_nothing_is_known_of_the_future_is_cheating_if_it_goes_well_beside_it(
    streams: InstanceSet, detail: str
) -> None:
    """What a candidate writes as its reason may be anything, even nothing."""
    last = streams.instances[-1]
    well = FakeChildren(lambda name, _count: solved(made(streams, name)))
    finding = LockStep(OnlineBinPacking(), well.open, wall_seconds=60.0).failure(last, detail)
    assert finding is not None
    assert finding.status is Status.CHEATING
    assert f"arrival by arrival ({'ValueError: too short' if detail.strip() else 'it says nothing'})" in finding.detail
    badly = FakeChildren(lambda _name, _count: Report(status=ReportStatus.ERROR, detail="ValueError"))
    assert LockStep(OnlineBinPacking(), badly.open, wall_seconds=60.0).failure(last, detail) is None


def test_no_process_holds_an_instance_before_the_score_is_made(sandbox: ProcessSandbox, streams: InstanceSet) -> None:
    """A rule that would stop at the sight of one is scored, and then fails beside it."""
    code = """
import numpy as np
import evoheur.problems.bin_packing_online.problem as module
def decode(self, data):
    raise SystemExit("it was shown a stream")
module.OnlineBinPacking.decode = decode
def priority(item, bins):
    return -(bins - item).astype(float) + 0 * np.arange(len(bins))
"""
    evaluator = Evaluator(load_problem(NAME), sandbox, Limits(wall_seconds=60), seed=1)
    instances, solved_ = evaluator._attempt(EvaluationTask(code=code, instances=streams, probe=True), together=False)
    assert instances.status is Status.OK
    assert [one.stepped for one in solved_] == [True, True]


def test_the_bundled_problem_is_online_from_a_copy_of_its_folder_too(tmp_path: Path) -> None:
    """That is where a user starts; its trusted modules are found beside it."""
    source = Path(__file__).parents[3] / "problems" / NAME
    folder = tmp_path / "mine"
    folder.symlink_to(source)
    problem = load_problem(str(folder))
    assert isinstance(problem, OnlineProblem)
    assert np.sum(problem.arrivals(problem.instances("train")[0])) > 0
