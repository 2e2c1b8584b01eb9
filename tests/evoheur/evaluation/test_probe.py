"""The probe for causality: cheats, honest rules that look suspicious, and rules that do not repeat themselves."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pytest

from evoheur.candidate import Evaluation, Status
from evoheur.evaluation.evaluator import Evaluator
from evoheur.evaluation.instances import InstanceSet
from evoheur.evaluation.isolation import guest_entry
from evoheur.evaluation.packing import unpack
from evoheur.evaluation.probe import CausalityProbe, Finding
from evoheur.problem import Instance, Json, Twin, load_problem
from problems.bin_packing_online.problem import OnlineBinPacking
from sandbox.process import ProcessSandbox
from sandbox.sandbox import Limits, Report, ReportStatus, Session
from tests.problems.bin_packing_online.cheats import CHEATS, HONEST, UNREPEATABLE

NAME = "bin_packing_online"
WEAK = {"next item", "next item fits beside", "next item by gc", "next item by closure"}


@pytest.fixture(scope="module")
def streams(tmp_path_factory: pytest.TempPathFactory) -> InstanceSet:
    """Two training streams, the first 400 items of each."""
    problem = load_problem(NAME)
    cut = [
        {"name": stream.name, "capacity": stream.capacity, "items": stream.items[:400].tolist()}
        for stream in problem.instances("train")[:2]
    ]
    path = tmp_path_factory.mktemp("streams") / "streams.json"
    path.write_text(json.dumps({"instances": cut}))
    return InstanceSet.of_path(problem, path)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[ProcessSandbox]:
    made = ProcessSandbox(guest_entry(NAME, {}))
    yield made
    made.close()


def probed(sandbox: ProcessSandbox, code: str, streams: InstanceSet, *, seed: int = 1) -> Evaluation:
    """A candidate's evaluation with the probe; without it, it is OK."""
    evaluator = Evaluator(load_problem(NAME), sandbox, Limits(wall_seconds=60), seed=seed)
    evaluation = evaluator.evaluate(code, streams)
    assert evaluation.status is Status.OK, evaluation.detail
    return evaluator.evaluate(code, streams, probe=True)


@pytest.mark.parametrize("what", sorted(CHEATS.keys() - WEAK))
def test_a_rule_that_knows_much_of_the_future_is_found_out(sandbox: ProcessSandbox, streams: InstanceSet, what: str) -> None:
    """Its status is "cheating", the reason names instance and decision, and nothing is left of its score."""
    evaluation = probed(sandbox, CHEATS[what], streams)
    assert (evaluation.status, evaluation.objective, evaluation.results) == (Status.CHEATING, None, ()), evaluation.detail
    assert "weibull-5k-c100-s100" in evaluation.detail
    assert "depend on what had not arrived yet" in evaluation.detail


@pytest.mark.parametrize("what", sorted(WEAK))
def test_a_rule_that_peeks_at_the_next_item_only_is_found_out_at_one_of_a_few_probes(
    sandbox: ProcessSandbox, streams: InstanceSet, what: str
) -> None:
    """These change about 2 decisions of 100, so one probe of 60 cuts finds 1 - 0.98**60 = 70 % of them, and six miss 0.1 %.

    Other seeds mean other cuts; with the seeds here the outcome is always the same.
    """
    assert any(probed(sandbox, CHEATS[what], streams, seed=seed).status is Status.CHEATING for seed in range(6))


@pytest.mark.parametrize("what", sorted(HONEST))
def test_honest_rules_are_never_accused(sandbox: ProcessSandbox, streams: InstanceSet, what: str) -> None:
    for seed in range(3):
        evaluation = probed(sandbox, HONEST[what], streams, seed=seed)
        assert evaluation.status is Status.OK, evaluation.detail
        assert len(evaluation.results) == 2


@pytest.mark.parametrize("what", sorted(UNREPEATABLE))
def test_a_rule_that_does_not_repeat_itself_is_no_cheat(sandbox: ProcessSandbox, streams: InstanceSet, what: str) -> None:
    """It fails all the same, because the same candidate must always get the same score; the reason says so."""
    evaluation = probed(sandbox, UNREPEATABLE[what], streams)
    assert evaluation.status is Status.ERROR
    assert evaluation.detail.startswith("not repeatable: ")


def test_the_same_candidate_gets_the_same_verdict(sandbox: ProcessSandbox, streams: InstanceSet) -> None:
    """Cuts and futures follow from seed and decisions, so that what is stored can be found again."""
    details = {probed(sandbox, CHEATS["next item fits beside"], streams, seed=4).detail for _ in range(2)}
    assert len(details) == 1


def test_an_offline_problem_is_not_probed(scheduling: str) -> None:
    """Nothing more is asked, so it costs nothing."""
    problem = load_problem(scheduling)
    assert not InstanceSet.of_split(problem, "train").online
    assert problem.twins(problem.instances("train")[0], 5, np.random.default_rng(0)) == ()


class FakeSession:
    """A child in this process: answers with what a function makes of an instance, or fails with its exception."""

    def __init__(self, rule: "FakeChildren") -> None:
        self._rule = rule
        self._asked = 0
        self.closed = False

    def ask(self, question: Json) -> Report:
        assert not self.closed
        instance = self._rule.problem.decode(unpack(question["instance"]))
        self._asked += 1
        self._rule.asked += 1
        return self._rule.answer(instance, self._asked)

    def close(self) -> None:
        self.closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class FakeChildren:
    """Opens fake sessions and counts them."""

    def __init__(self) -> None:
        self.problem = OnlineBinPacking()
        self.opened = self.asked = 0

    def open(self, questions: int) -> tuple[Session, Report]:
        assert questions > 0
        self.opened += 1
        return FakeSession(self), Report(status=ReportStatus.OK)

    def answer(self, instance: Any, count: int) -> Report:
        return Report(status=ReportStatus.OK, value={"solution": decide(instance)})

    def finding(self, streams: InstanceSet) -> Finding | None:
        """What a probe finds against this candidate on what it honestly decided."""
        scored: Sequence[tuple[Instance, Json]] = [(instance, decide(instance)) for instance in streams.instances]
        return CausalityProbe(self.problem, self.open, seed=0).finding(scored)


def decide(instance: Any) -> list[int]:
    """Next fit: a decision depends on what has arrived."""
    decisions, free = [0], instance.capacity - int(instance.items[0])
    for item in instance.items[1:].tolist():
        fits = item <= free
        decisions.append(decisions[-1] + (0 if fits else 1))
        free = (free if fits else instance.capacity) - item
    return decisions


def test_all_twins_of_an_honest_candidate_are_asked_of_one_fresh_process(streams: InstanceSet) -> None:
    """30 twins of each of the two streams."""
    children = FakeChildren()
    assert children.finding(streams) is None
    assert (children.opened, children.asked) == (1, 60)


def test_a_rule_may_fail_on_futures_but_not_on_beginnings(streams: InstanceSet) -> None:
    """A future that it fails on is cut off; after two of them it gets none any more."""

    class Touchy(FakeChildren):
        def answer(self, instance: Any, count: int) -> Report:
            originals: Sequence[Any] = streams.instances
            whole = next(stream.items for stream in originals if stream.name == instance.name)
            if not np.array_equal(instance.items, whole[: instance.items.size]):
                return Report(status=ReportStatus.ERROR, detail="ValueError: never seen before")
            return super().answer(instance, count)

    touchy = Touchy()
    assert touchy.finding(streams) is None
    assert (touchy.opened, touchy.asked) == (3, 62)


def test_failing_on_a_beginning_is_cheating(streams: InstanceSet) -> None:
    """On the whole stream it got further, so it knows how many items there are."""

    class Counting(FakeChildren):
        def answer(self, instance: Any, count: int) -> Report:
            if instance.items.size != 400:
                return Report(status=ReportStatus.ERROR, detail="Traceback\nValueError: too short")
            return super().answer(instance, count)

    finding = Counting().finding(streams)
    assert finding is not None
    assert finding.status is Status.CHEATING
    assert "it fails (ValueError: too short)" in finding.detail


@pytest.mark.parametrize(
    ("report", "status"),
    [
        (ReportStatus.TIMEOUT, Status.TIMEOUT),
        (ReportStatus.MEMORY, Status.MEMORY),
        (ReportStatus.CRASHED, Status.CRASHED),
        (ReportStatus.FORFEIT, Status.CHEATING),
    ],
)
def test_how_else_a_probe_ends_is_told_as_it_is(streams: InstanceSet, report: ReportStatus, status: Status) -> None:
    """A machine that is far too busy is no cheat."""

    class Ending(FakeChildren):
        def answer(self, instance: Any, count: int) -> Report:
            return Report(status=report, detail="what happened")

    finding = Ending().finding(streams)
    assert finding is not None
    assert finding.status is status
    assert "while it was probed for causality: what happened" in finding.detail


def test_a_solution_of_another_form_is_no_decision(streams: InstanceSet) -> None:
    """A child that repeats itself on originals but answers twins with something else is found out."""

    class Evasive(FakeChildren):
        def answer(self, instance: Any, count: int) -> Report:
            solution = super().answer(instance, count).value["solution"] if instance.items.size == 400 else {"no": "list"}
            return Report(status=ReportStatus.OK, value={"solution": solution})

    finding = Evasive().finding(streams)
    assert finding is not None
    assert finding.status is Status.CHEATING


def test_what_was_solved_before_is_told_apart_from_what_is_to_come(streams: InstanceSet) -> None:
    """The first question of every process is answered honestly, later ones are not."""

    class Forgetful(FakeChildren):
        def answer(self, instance: Any, count: int) -> Report:
            report = super().answer(instance, count)
            return report if count == 1 else Report(status=ReportStatus.OK, value={"solution": report.value["solution"][::-1]})

    finding = Forgetful().finding(streams)
    assert finding is not None
    assert finding.status is Status.ERROR
    assert "depends on what was solved before in the same process" in finding.detail


def test_cuts_follow_from_the_decisions(streams: InstanceSet) -> None:
    """Whoever would place them has to know all decisions, which are known only when the last one is made."""
    problem = OnlineBinPacking()
    drawn: list[list[int]] = []

    class Recording(OnlineBinPacking):
        def twins(self, instance: Any, count: int, rng: np.random.Generator) -> Sequence[Twin[Any]]:
            twins = problem.twins(instance, count, rng)
            drawn.append([twin.decisions for twin in twins])
            return twins

    for last in (0, 0, 1):
        instance = streams.instances[0]
        solution = [*decide(instance)[:-1], last]
        CausalityProbe(Recording(), FakeChildren().open, seed=0).finding([(instance, solution)])
    assert drawn[0] == drawn[1]
    assert drawn[0] != drawn[2]


def test_the_probe_reads_the_bundled_problem_from_its_folder_too(tmp_path: Path) -> None:
    """A copy of the folder, which is where a user starts, is online as well, and its trusted modules are found beside it."""
    source = Path(__file__).parents[3] / "problems" / NAME
    folder = tmp_path / "mine"
    folder.symlink_to(source)
    problem = load_problem(str(folder))
    assert problem.online
    assert len(problem.twins(problem.instances("train")[0], 3, np.random.default_rng(0))) == 3
