"""Which candidates are probed before they are told, and what equal codes share."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from evoheur.archive.archive import Archive
from evoheur.archive.records import Asked, Told
from evoheur.candidate import Candidate, Evaluation, InstanceResult, Status
from evoheur.evaluation.instances import InstanceSet
from evoheur.evaluation.screening import ScreenConfig, code_hash
from evoheur.generation.signature import signatures_of
from evoheur.problem import load_problem
from evoheur.prompts.card import ProblemCard
from evoheur.prompts.render import PromptLibrary
from evoheur.request import Completion, Request, Usage
from evoheur.run.pipeline import Evaluated, Pipeline
from tests.evoheur.run.fakes import FakeConfig, FakeGenerator

CODE = "def priority(item, bins):\n    return -bins * {}\n"


class FakeExecutor:
    """Scores by a table and remembers what it was asked for.

    Args:
        plain: Code → objective without a probe.
        probed: Code → evaluation with a probe, where that is another one.
    """

    slots = 1
    level = "fake"

    def __init__(self, plain: Mapping[str, float], probed: Mapping[str, Evaluation]) -> None:
        self.asked: list[bool] = []
        self._plain = plain
        self._probed = probed

    async def evaluate(self, code: str, instances: InstanceSet, *, probe: bool = False, bound: float | None = None) -> Evaluation:
        self.asked.append(probe)
        await asyncio.sleep(0)
        if bound is not None and self._plain[code] >= bound:
            return Evaluation(status=Status.PRUNED, objective=None, split="train", results=ok(self._plain[code]).results)
        if probe and code in self._probed:
            return self._probed[code]
        return ok(self._plain[code])

    async def close(self) -> None: ...


def ok(objective: float) -> Evaluation:
    result = InstanceResult(instance="stream", family="f", status=Status.OK, cost=objective, reference=None)
    return Evaluation(status=Status.OK, objective=objective, split="train", results=(result,))


CAUGHT = Evaluation(status=Status.CHEATING, objective=None, split="train", detail="stream: decision 3 depends on the future")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Empty, and it stays so."""
    with Archive.open(f"sqlite:///{tmp_path_factory.mktemp('archive')}/a.db", create=True) as opened:
        yield opened


def pipeline(archive: Archive, executor: FakeExecutor, *, online: bool = True) -> Pipeline:
    problem = load_problem("bin_packing_online")
    train = InstanceSet(split="train", instances=(), references={}, encoded=(), online=online)
    return Pipeline(
        prompts=PromptLibrary(ProblemCard.from_problem(problem)),
        template_folder="eoh",
        generator=FakeGenerator(FakeConfig()),
        signatures=signatures_of(problem.functions()),
        screen=ScreenConfig(),
        executor=executor,
        train=train,
        archive=archive,
        seed=1,
    )


def asked(sequence: int, code: str) -> Asked:
    """A request whose reply is there already, so that neither generator nor archive is needed."""
    completion = Completion(text=f"{{An idea.}}\n```python\n{code}```", model="fake", usage=Usage())
    return Asked(
        id=sequence, number=sequence, sequence=sequence, operator="e1", fingerprint="", messages=(), completion=completion
    )


def candidate(objective: float | None) -> Candidate:
    evaluation = CAUGHT if objective is None else ok(objective)
    return Candidate(id=1, code="", thought="", operator="e1", parents=(), evaluation=evaluation)


def request(*parents: float | None) -> Request:
    return Request(operator="e1", produces="heuristic", parents=tuple(map(candidate, parents)))


def told(sequence: int, objective: float | None) -> Told:
    return Told(asked=asked(sequence, CODE.format(0)), sequence=sequence, outcome=candidate(objective))


async def answered(made: Pipeline, sequence: int, code: str, bred: Request) -> Evaluation:
    answer = await made.answer(asked(sequence, code), bred)
    assert isinstance(answer, Evaluated)
    return answer.evaluation


@pytest.mark.parametrize(
    ("parents", "objective", "probed"),
    [((), 9.0, True), ((5.0, 6.0), 4.9, True), ((5.0, 6.0), 5.0, False), ((5.0, 6.0), 5.5, False), ((None, 6.0), 5.5, True)],
)
def test_a_candidate_is_probed_if_it_beats_all_its_parents(
    archive: Archive, parents: tuple[float | None, ...], objective: float, *, probed: bool
) -> None:
    """Parents that failed are beaten by everything."""
    code = CODE.format(1)
    executor = FakeExecutor({code: objective}, {})
    evaluation = asyncio.run(answered(pipeline(archive, executor), 9, code, request(*parents)))
    assert evaluation.objective == objective
    assert executor.asked == ([False, True] if probed else [False])


@pytest.mark.parametrize(("sequence", "probed"), [(3, True), (4, False), (7, False)])
def test_what_was_told_after_it_was_asked_for_does_not_count(archive: Archive, sequence: int, *, probed: bool) -> None:
    """The best so far is 5 from the log's third step on, so whoever was asked for later and has 6 cannot be the best any more."""
    code = CODE.format(1)
    executor = FakeExecutor({code: 6.0}, {})
    made = pipeline(archive, executor)
    for step in (told(1, 8.0), told(2, None), told(3, 5.0), told(5, 7.0)):
        made.told(step)
    asyncio.run(answered(made, sequence, code, request(9.0)))
    assert executor.asked == ([False, True] if probed else [False])


def test_no_candidate_of_an_offline_problem_is_probed(archive: Archive) -> None:
    code = CODE.format(1)
    executor = FakeExecutor({code: 1.0}, {})
    asyncio.run(answered(pipeline(archive, executor, online=False), 1, code, request()))
    assert executor.asked == [False]


def test_what_a_probe_finds_is_the_candidates_evaluation(archive: Archive) -> None:
    code = CODE.format(1)
    executor = FakeExecutor({code: 1.0}, {code: CAUGHT})
    assert asyncio.run(answered(pipeline(archive, executor), 1, code, request(5.0))) == CAUGHT


def test_a_candidate_that_costs_something_else_the_second_time_is_not_repeatable(archive: Archive) -> None:
    code = CODE.format(1)
    executor = FakeExecutor({code: 1.0}, {code: ok(2.0)})
    evaluation = asyncio.run(answered(pipeline(archive, executor), 1, code, request(5.0)))
    assert (evaluation.status, evaluation.objective, evaluation.results) == (Status.ERROR, None, ())
    assert evaluation.detail == "not repeatable: stream cost 1.0 and, the second time, 2.0"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_what_a_request_gets_does_not_depend_on_what_equal_code_got_before(archive: Archive, order: tuple[int, int]) -> None:
    """One of two requests for the same code has parents to beat, the other has better ones; all is evaluated once."""
    code = CODE.format(1)
    executor = FakeExecutor({code: 3.0}, {code: CAUGHT})
    made = pipeline(archive, executor)
    requests = [request(5.0), request(2.0)]

    async def both() -> dict[int, Evaluation]:
        evaluations = await asyncio.gather(*(answered(made, 1, code, requests[which]) for which in order))
        again = await asyncio.gather(*(answered(made, 1, code, requests[which]) for which in order))
        assert list(evaluations) == list(again)
        return dict(zip(order, evaluations, strict=True))

    evaluations = asyncio.run(both())
    assert [evaluations[which].status for which in (0, 1)] == [Status.CHEATING, Status.OK]
    assert sorted(executor.asked) == [False, True]


def test_after_resuming_equal_code_gets_what_it_would_have_got(archive: Archive) -> None:
    """A stored score is shared and still probed where it must be; what a probe may have failed is evaluated again."""
    code, cheat = CODE.format(1), CODE.format(2)
    executor = FakeExecutor({cheat: 3.0}, {code: CAUGHT, cheat: CAUGHT})
    made = pipeline(archive, executor)

    async def scenario() -> list[Status]:
        made.remember(code_hash(code), ok(3.0))
        made.remember(code_hash(cheat), CAUGHT)
        cases = [(code, request(2.0)), (code, request(5.0)), (cheat, request(2.0)), (cheat, request(5.0))]
        return [(await answered(made, 1, source, bred)).status for source, bred in cases]

    assert asyncio.run(scenario()) == [Status.OK, Status.CHEATING, Status.OK, Status.CHEATING]
    assert executor.asked == [True, False, True]


def test_a_stored_failure_is_shared(archive: Archive) -> None:
    code = CODE.format(1)
    executor = FakeExecutor({}, {})
    made = pipeline(archive, executor)
    failed = replace(ok(1.0), status=Status.TIMEOUT, objective=None, detail="stream: no answer within 3 s")

    async def scenario() -> Evaluation:
        made.remember(code_hash(code), failed)
        return await answered(made, 1, code, request())

    assert asyncio.run(scenario()) == failed
    assert executor.asked == []
