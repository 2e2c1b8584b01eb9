"""Which candidates are probed before they are told, and what equal codes share."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from evoheur.archive.records import Asked, Told
from evoheur.candidate import BY_SOURCE, UNNUMBERED, Candidate, Evaluation, InstanceResult, Status
from evoheur.code.program import code_hash
from evoheur.code.screening import ScreenConfig
from evoheur.code.signature import signatures_of
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.problem_loading import load_problem
from evoheur.prompts.card import ProblemCard
from evoheur.prompts.facts import PromptFacts
from evoheur.prompts.render import PromptLibrary
from evoheur.request import Completion, Message, Request, Usage, VariedFamily
from evoheur.run.original import Original
from evoheur.run.pipeline import Pipeline
from evoheur.run.reply_work import ReplyWork
from evoheur.run.step import Step
from evoheur.run.workshop import Workshop
from tests.evoheur.run.support.fakes import FakeConfig, FakeGenerator

NO_FACTS = PromptFacts()
CODE = "def priority(item, bins):\n    return -bins * {}\n"


class FakeExecutor:
    """Scores by a table and remembers what it was asked for.

    Args:
        plain: Code → objective without a probe.
        probed: Code → evaluation with a probe, where that is another one.
        scaled: Code → evaluation with a scale probe, where that is another one.
    """

    slots = 1
    level = "fake"

    def __init__(
        self, plain: Mapping[str, float], probed: Mapping[str, Evaluation], scaled: Mapping[str, Evaluation] | None = None
    ) -> None:
        self.asked: list[bool] = []
        self.tried: list[str] = []
        self._scaled = scaled or {}
        self._plain = plain
        self._probed = probed

    async def start(self) -> None: ...

    async def evaluate(self, task: EvaluationTask[InstanceSet]) -> Evaluation:
        if task.scale_probe:
            self.tried.append(task.code)
            return self._scaled.get(task.code, ok(0.0))
        self.asked.append(task.probe)
        await asyncio.sleep(0)
        if task.probe and task.code in self._probed:
            return self._probed[task.code]
        objective = self._plain[task.code]
        if task.bound is not None and objective >= task.bound:
            return Evaluation(status=Status.PRUNED, objective=None, split="train", results=ok(objective).results)
        return ok(objective)

    async def close(self) -> None: ...


class ReadingExecutor(FakeExecutor):
    """One that executes only what is to be probed."""

    async def evaluate(self, task: EvaluationTask[InstanceSet]) -> Evaluation:
        found = await super().evaluate(task)
        return replace(found, executed=task.probe, level="fake" if task.probe else BY_SOURCE)


def ok(objective: float) -> Evaluation:
    result = InstanceResult(instance="stream", family="f", status=Status.OK, cost=objective, reference=None)
    return Evaluation(status=Status.OK, objective=objective, objective_kind="gap_percent", split="train", results=(result,))


CAUGHT = Evaluation(status=Status.CHEATING, objective=None, split="train", detail="stream: decision 3 depends on the future")


class OneSet:
    """The same instances in every epoch."""

    def __init__(self, own: InstanceSet) -> None:
        self.own = own

    async def made(self, epoch: int) -> InstanceSet:
        return replace(self.own, epoch=epoch)

    def vary(self, epoch: int, varied: Sequence[VariedFamily], *, only: bool) -> None:
        """They stay the same."""


def pipeline(executor: FakeExecutor, *, online: bool = True, symmetric: bool = False) -> Pipeline:
    problem = load_problem("bin_packing_online")
    train = InstanceSet(split="train", instances=(), references={}, encoded=(), online=online, symmetric=symmetric)
    return Pipeline(
        prompts=PromptLibrary(ProblemCard.from_problem(problem)),
        template_folder="eoh",
        generator=FakeGenerator(FakeConfig()),
        workshop=Workshop(ReplyWork(signatures=signatures_of(problem.functions()))),
        screen=ScreenConfig(),
        executor=executor,
        train=OneSet(train),
        seed=1,
    )


def step_at(sequence: int, request: Request, completion: Completion | None = None) -> Step:
    """A request at its place in the log."""
    step = Step(request=request, completion=completion)
    step.asked = Asked(
        id=sequence,
        number=sequence,
        sequence=sequence,
        operator=request.operator,
        fingerprint="",
        messages=(),
        completion=completion,
        kind=request.kind,
    )
    return step


def replied(sequence: int, code: str, request: Request) -> Step:
    """A request whose reply is there already, so that no generator is needed."""
    return step_at(sequence, request, Completion(text=f"{{An idea.}}\n```python\n{code}```", model="fake", usage=Usage()))


async def unheard(_step: Step) -> None:
    """Nobody hears of replies."""


def candidate(objective: float | None) -> Candidate:
    return bred(CAUGHT if objective is None else ok(objective))


def bred(evaluation: Evaluation, code: str = CODE.format(0)) -> Candidate:
    return Candidate(id=1, code=code, thought="", operator="e1", parents=(), evaluation=evaluation, code_hash=code_hash(code))


def remember(made: Pipeline, *known: Candidate) -> None:
    """As a resumed run does, whose archive has these."""
    evaluations = {Original.of(one): one.evaluation for one in known}
    made.remember(evaluations, evaluations.__getitem__)


SIDE = Request.tuning_beside(bred(ok(1.0)), method="cma-es", evaluations=10)


def request(*parents: float | None) -> Request:
    return Request(operator="e1", produces="heuristic", parents=tuple(map(candidate, parents)))


def told(sequence: int, objective: float | None, of: Request | None = None) -> Step:
    step = step_at(sequence, of or request())
    step.outcome = candidate(objective)
    step.told = Told(asked=step.asked, sequence=sequence, outcome=step.outcome)
    return step


async def answered(made: Pipeline, sequence: int, code: str, asked: Request) -> Evaluation:
    answer = await made.answer(replied(sequence, code, asked), unheard)
    assert isinstance(answer, Candidate)
    assert (answer.id, answer.code_hash) == (UNNUMBERED, code_hash(code))
    return answer.evaluation


@pytest.mark.parametrize(
    ("parents", "objective", "probed"),
    [((), 9.0, True), ((5.0, 6.0), 4.9, True), ((5.0, 6.0), 5.0, False), ((5.0, 6.0), 5.5, False), ((None, 6.0), 5.5, True)],
)
def test_a_candidate_is_probed_if_it_beats_all_its_parents(
    parents: tuple[float | None, ...], objective: float, *, probed: bool
) -> None:
    """Parents that failed are beaten by everything."""
    code = CODE.format(1)
    executor = FakeExecutor({code: objective}, {})
    evaluation = asyncio.run(answered(pipeline(executor), 9, code, request(*parents)))
    assert evaluation.objective == objective
    assert executor.asked == ([False, True] if probed else [False])


@pytest.mark.parametrize(("sequence", "probed"), [(3, True), (4, False), (7, False)])
def test_what_was_told_after_it_was_asked_for_does_not_count(sequence: int, *, probed: bool) -> None:
    """The best so far is 5 from the log's third step on, so whoever was asked for later and has 6 cannot be the best any more."""
    code = CODE.format(1)
    executor = FakeExecutor({code: 6.0}, {})
    made = pipeline(executor)
    for step in (told(1, 8.0), told(2, None), told(3, 5.0), told(5, 7.0)):
        made.told(step)
    asyncio.run(answered(made, sequence, code, request(9.0)))
    assert executor.asked == ([False, True] if probed else [False])


def test_no_candidate_of_an_offline_problem_is_probed() -> None:
    code = CODE.format(1)
    executor = FakeExecutor({code: 1.0}, {})
    asyncio.run(answered(pipeline(executor, online=False), 1, code, request()))
    assert executor.asked == [False]


@pytest.mark.parametrize(("again", "status"), [(1.0, Status.OK), (2.0, Status.ERROR)])
def test_what_its_source_alone_makes_the_best_is_executed(again: float, status: Status) -> None:
    """Whatever the problem, and it must cost the same then; what beats nothing stays unexecuted."""
    code, other = CODE.format(1), CODE.format(2)
    executor = ReadingExecutor({code: 1.0, other: 6.0}, {code: ok(again)})
    made = pipeline(executor, online=False)
    evaluation = asyncio.run(answered(made, 1, code, request(5.0)))
    assert (evaluation.status, evaluation.level, executor.asked) == (status, "fake", [False, True])
    hopeless = asyncio.run(answered(made, 1, other, request(5.0)))
    assert (hopeless.level, executor.asked) == (BY_SOURCE, [False, True, False])


def test_what_a_probe_finds_is_the_candidates_evaluation() -> None:
    code = CODE.format(1)
    executor = FakeExecutor({code: 1.0}, {code: CAUGHT})
    assert asyncio.run(answered(pipeline(executor), 1, code, request(5.0))) == CAUGHT


def test_a_candidate_that_costs_something_else_the_second_time_is_not_repeatable() -> None:
    code = CODE.format(1)
    executor = FakeExecutor({code: 1.0}, {code: ok(2.0)})
    evaluation = asyncio.run(answered(pipeline(executor), 1, code, request(5.0)))
    assert (evaluation.status, evaluation.objective, evaluation.results) == (Status.ERROR, None, ())
    assert evaluation.detail == "not repeatable: stream cost 1.0 and, the second time, 2.0"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_what_a_request_gets_does_not_depend_on_what_equal_code_got_before(order: tuple[int, int]) -> None:
    """One of two requests for the same code has parents to beat, the other has better ones; all is evaluated once."""
    code = CODE.format(1)
    executor = FakeExecutor({code: 3.0}, {code: CAUGHT})
    made = pipeline(executor)
    requests = [request(5.0), request(2.0)]

    async def both() -> dict[int, Evaluation]:
        evaluations = await asyncio.gather(*(answered(made, 1, code, requests[which]) for which in order))
        again = await asyncio.gather(*(answered(made, 1, code, requests[which]) for which in order))
        assert list(evaluations) == list(again)
        return dict(zip(order, evaluations, strict=True))

    evaluations = asyncio.run(both())
    assert [evaluations[which].status for which in (0, 1)] == [Status.CHEATING, Status.OK]
    assert sorted(executor.asked) == [False, True]


def test_after_resuming_equal_code_gets_what_it_would_have_got() -> None:
    """A stored score is shared and still probed where it must be; what a probe may have failed is evaluated again."""
    code, cheat = CODE.format(1), CODE.format(2)
    executor = FakeExecutor({cheat: 3.0}, {code: CAUGHT, cheat: CAUGHT})
    made = pipeline(executor)

    async def scenario() -> list[Status]:
        remember(made, bred(ok(3.0), code), bred(CAUGHT, cheat))
        cases = [(code, request(2.0)), (code, request(5.0)), (cheat, request(2.0)), (cheat, request(5.0))]
        return [(await answered(made, 1, source, asked)).status for source, asked in cases]

    assert asyncio.run(scenario()) == [Status.OK, Status.CHEATING, Status.OK, Status.CHEATING]
    assert executor.asked == [True, False, True]


@pytest.mark.parametrize("in_time", [False, True], ids=["file", "server"])
def test_a_stored_failure_is_shared(in_time: bool) -> None:
    code = CODE.format(1)
    executor = FakeExecutor({}, {})
    made = pipeline(executor)
    failed = replace(ok(1.0), status=Status.TIMEOUT, objective=None, detail="stream: no answer within 3 s")

    async def scenario() -> Evaluation:
        read = asyncio.get_running_loop().create_future()
        read.set_result(failed)
        made.remember([Original.of(bred(failed, code))], lambda _original: read if in_time else failed)
        return await answered(made, 1, code, request())

    assert asyncio.run(scenario()) == failed
    assert executor.asked == []


def bounded(bound: float | None) -> Request:
    return Request(operator="e1", bound=bound)


def test_a_bound_reaches_the_executor_unless_racing_is_off() -> None:
    code = CODE.format(1)
    raced = asyncio.run(answered(pipeline(FakeExecutor({code: 5.0}, {})), 9, code, bounded(5.0)))
    assert raced.status is Status.PRUNED
    unhurried = pipeline(FakeExecutor({code: 5.0}, {}))
    unhurried.racing = False
    assert asyncio.run(answered(unhurried, 9, code, bounded(5.0))).status is Status.OK


@pytest.mark.parametrize(
    ("first", "second", "runs", "status"),
    [
        (5.0, 5.0, 1, Status.PRUNED),
        (5.0, 4.0, 1, Status.PRUNED),
        (5.0, 6.5, 2, Status.OK),
        (5.0, None, 2, Status.OK),
        (None, 5.0, 1, Status.OK),
    ],
)
def test_an_evaluation_that_was_cut_short_is_shared_where_it_would_be_again(
    first: float | None, second: float | None, runs: int, status: Status
) -> None:
    """A candidate worth 6, asked for twice: the second request shares what is known unless its own bound leaves it a chance."""
    code = CODE.format(1)
    executor = FakeExecutor({code: 6.0}, {})
    made = pipeline(executor, online=False)

    async def both() -> Evaluation:
        await answered(made, 9, code, bounded(first))
        return await answered(made, 10, code, bounded(second))

    assert asyncio.run(both()).status is status
    assert len(executor.asked) == runs


def test_what_was_cut_short_is_not_remembered_as_whole() -> None:
    """After a resume a later request with more room evaluates it again."""
    code = CODE.format(1)
    executor = FakeExecutor({code: 6.0}, {})
    made = pipeline(executor, online=False)
    cut = Evaluation(status=Status.PRUNED, objective=None, split="train", results=ok(6.0).results)

    async def resumed() -> Evaluation:
        remember(made, bred(cut, code))
        return await answered(made, 9, code, bounded(None))

    assert asyncio.run(resumed()).objective == 6.0


def test_the_seed_of_a_request_counts_no_tuning_beside_the_search() -> None:
    """So the offline generator answers the same with and without it."""
    seeds: list[list[int]] = []
    for tunings, numbers in (((), (1, 2, 3)), ((2, 4), (1, 3, 5))):
        generator = FakeGenerator(FakeConfig())
        made = pipeline(FakeExecutor({}, {}))
        made.generator = generator
        for number in tunings:
            made.asked(step_at(number, SIDE))
        for number in numbers:
            step = step_at(number, request())
            step.messages = (Message(role="user", content="Go."),)
            asyncio.run(made._complete(step))
        seeds.append(generator.seeds)
    assert seeds[0] == seeds[1]
    assert len(set(seeds[0])) == 3


def test_what_was_tuned_beside_the_search_changes_no_probe() -> None:
    """A tuned candidate is better than all, and the next one is still probed as if it were not there."""
    code = CODE.format(1)
    executor = FakeExecutor({code: 5.0}, {})
    made = pipeline(executor)
    made.told(told(3, 6.0))
    made.told(told(4, 1.0, SIDE))
    asyncio.run(answered(made, 9, code, request()))
    assert executor.asked == [False, True]


class StumblingPrompts(PromptLibrary):
    """Cannot write any prompt, for a fault of ours."""

    def render(self, template_folder: str, request: Request, facts: PromptFacts = NO_FACTS) -> tuple[Message, ...]:
        raise IndexError("a parent's code that nobody thought of")


def test_a_prompt_that_cannot_be_written_is_an_error_of_its_request_only() -> None:
    """The request is stored without a prompt first; the error comes up where the loop's net is, and no model is asked."""
    made = pipeline(FakeExecutor({}, {}))
    made.prompts = StumblingPrompts(ProblemCard.from_problem(load_problem("bin_packing_online")))
    assert made.render(request()) == ()
    with pytest.raises(IndexError, match="nobody thought of"):
        asyncio.run(made.answer(step_at(1, request()), unheard))


class StumblingExecutor(FakeExecutor):
    """Meets a fault of ours once, and no more."""

    async def evaluate(self, task: EvaluationTask[InstanceSet]) -> Evaluation:
        evaluation = await super().evaluate(task)
        if len(self.asked) == 1:
            raise IndexError("list index out of range")
        return evaluation


def test_an_error_of_ours_is_not_shared_with_later_candidates_of_the_same_code() -> None:
    code = CODE.format(1)
    made = pipeline(StumblingExecutor({code: 3.0}, {}), online=False)

    async def twice() -> Evaluation:
        with pytest.raises(IndexError):
            await answered(made, 1, code, request())
        return await answered(made, 2, code, request())

    assert asyncio.run(twice()).objective == 3.0


MIXING = Evaluation(
    status=Status.SCALE_DEPENDENT, objective=None, split="train", results=ok(3.0).results, detail="stream with lengths × 1024"
)


@pytest.mark.parametrize("online", [False, True])
def test_what_may_become_the_best_is_tried_in_other_units(online: bool) -> None:
    """After the probe of an online problem, once for equal code, and only what beats its parents; nothing is left of the score."""
    mixing, honest = CODE.format(1), CODE.format(2)
    executor = FakeExecutor({mixing: 3.0, honest: 3.0}, {}, {mixing: MIXING})
    made = pipeline(executor, online=online, symmetric=True)

    async def scenario() -> list[Evaluation]:
        cases = [(mixing, 5.0), (mixing, 2.0), (honest, 5.0), (mixing, 5.0)]
        return [await answered(made, 1, code, request(parents)) for code, parents in cases]

    refused, beaten, scored, again = asyncio.run(scenario())
    assert refused == again == replace(MIXING, results=())
    assert (beaten, scored) == (ok(3.0), ok(3.0))
    assert executor.tried == [mixing, honest]
    assert executor.asked.count(True) == (2 if online else 0)


@pytest.mark.parametrize(("symmetric", "scale_probe"), [(False, True), (True, False)], ids=["no symmetries", "switched off"])
def test_nothing_is_tried_in_other_units_without_symmetries_or_if_switched_off(symmetric: bool, scale_probe: bool) -> None:
    code = CODE.format(1)
    executor = FakeExecutor({code: 3.0}, {}, {code: MIXING})
    made = pipeline(executor, online=False, symmetric=symmetric)
    made.scale_probe = scale_probe
    assert asyncio.run(answered(made, 1, code, request(5.0))) == ok(3.0)
    assert executor.tried == []


def test_after_resuming_equal_code_is_tried_in_other_units_again() -> None:
    """A stored score is shared and still tried; a refusal, which has no results, is found anew."""
    scored, refused = CODE.format(1), CODE.format(2)
    executor = FakeExecutor({refused: 3.0}, {}, {scored: MIXING, refused: MIXING})
    made = pipeline(executor, online=False, symmetric=True)

    async def scenario() -> list[Status]:
        remember(made, bred(ok(3.0), scored), bred(replace(MIXING, results=()), refused))
        cases = [(scored, 2.0), (scored, 5.0), (refused, 2.0), (refused, 5.0)]
        return [(await answered(made, 1, code, request(parents))).status for code, parents in cases]

    assert asyncio.run(scenario()) == [Status.OK, Status.SCALE_DEPENDENT] * 2
    assert executor.asked == [False]


FIRST, LIKE_FIRST = CODE.format("2.0"), "def priority(item, bins):\n    turned = -bins\n    return 2.0 * turned\n"


def scored_first(sequence: int, objective: float, *, epoch: int = 0) -> Step:
    """A candidate with the code FIRST, told at its place in the log."""
    asked = replace(request(), epoch=epoch)
    step = step_at(sequence, asked)
    step.outcome = replace(bred(replace(ok(objective), epoch=epoch), FIRST), id=7)
    step.told = Told(asked=step.asked, sequence=sequence, outcome=step.outcome)
    return step


def twin_of_first(made: Pipeline, sequence: int, asked: Request) -> Candidate:
    found = asyncio.run(made.answer(replied(sequence, LIKE_FIRST, asked), unheard))
    assert isinstance(found, Candidate)
    return found


def test_a_twin_takes_over_the_score_without_an_evaluation() -> None:
    executor = FakeExecutor({}, {})
    made = pipeline(executor)
    for step in (told(1, 5.0), scored_first(3, 8.0)):
        made.told(step)
    found = twin_of_first(made, 9, request(9.0))
    assert (found.duplicate_of, found.is_twin, found.objective) == (7, True, 8.0)
    assert executor.asked == []


def test_who_was_asked_for_before_that_was_told_is_scored_itself() -> None:
    executor = FakeExecutor({LIKE_FIRST.rstrip("\n"): 8.0, LIKE_FIRST: 8.0}, {})
    made = pipeline(executor, online=False)
    made.told(scored_first(3, 8.0))
    assert not twin_of_first(made, 2, request(9.0)).is_twin
    assert executor.asked == [False]


def test_what_could_be_the_best_is_scored_itself() -> None:
    """The baseline is no best one, but its score would be; so nobody takes it over while nothing is as good."""
    executor = FakeExecutor({LIKE_FIRST.rstrip("\n"): 8.0, LIKE_FIRST: 8.0}, {})
    made = pipeline(executor, online=False)
    made.begin_with(replace(bred(ok(8.0), FIRST), id=0))
    made.told(told(5, 9.0))
    assert not twin_of_first(made, 9, request()).is_twin
    made.told(told(11, 7.0))
    assert twin_of_first(made, 15, request()).is_twin
    assert executor.asked == [False]


def test_scores_of_an_earlier_epoch_are_not_taken_over() -> None:
    """Also where its steps are heard again from the log of a run that is resumed."""
    executor = FakeExecutor({LIKE_FIRST.rstrip("\n"): 3.0, LIKE_FIRST: 3.0}, {})
    made = pipeline(executor, online=False)
    made.told(scored_first(3, 8.0))
    later = told(40, 2.0, of=replace(request(), epoch=1))  # so that 8 would not be the best
    made.asked(later)
    made.told(later)
    found = twin_of_first(made, 50, replace(request(), epoch=1))
    assert (found.is_twin, found.objective) == (False, 3.0)
    assert executor.asked == [False]
