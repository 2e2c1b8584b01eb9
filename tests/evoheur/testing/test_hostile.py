"""Hostile replies, sources and reports against every trusted function that touches them: a result, or the refusal it documents."""

import asyncio
import contextlib
import dataclasses
import functools
import io
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from rich.console import Console

from evoheur.api.standalone_module import module_source
from evoheur.archive.archive import Archive
from evoheur.candidate import Candidate, Evaluation, InstanceResult, Status
from evoheur.cli.terminal.output import print_code
from evoheur.code.program import code_hash, measures, read_program
from evoheur.code.screening import ScreenConfig, screen
from evoheur.code.signature import signatures_of
from evoheur.components import resolve_kind
from evoheur.errors import GenerationError
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.evaluator import Evaluator
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.generation.generator import GeneratorContext, RecordedReply
from evoheur.generation.mutator import Mutator, MutatorConfig
from evoheur.generation.parsing import ParsedReply, check_code, parse_reply
from evoheur.generation.reply_file import read_replies, write_replies
from evoheur.generation.tuning.tunable_constants import find_constants, with_values
from evoheur.generation.tuning.tuner import Tuner
from evoheur.observers.console import ConsoleObserver
from evoheur.observers.jsonl import JsonlObserver
from evoheur.problem import Json
from evoheur.problem_loading import load_problem
from evoheur.prompts.card import ProblemCard
from evoheur.prompts.render import PromptLibrary
from evoheur.prompts.versions import versioned_code
from evoheur.request import Completion, Failure, Message, Note, Request, RequestKind, Usage
from evoheur.run.events import NewBest, OutcomeTold
from evoheur.sandbox.interface import Limits, Report, ReportStatus, Session
from evoheur.strategies.ruin import new_lines, ruin
from evoheur.strategies.strategy import BUILTIN_STRATEGIES, StrategyConfig
from evoheur.testing.hostile_sources import HOSTILE_REPLIES, chained, hostile_sources
from evoheur.testing.strategy_runs import StrategyRun
from tests.evoheur.archive.support.made_up import new_run
from tests.evoheur.observers.support import made_up
from tests.support.example_budget import dear

PROBLEM = load_problem("bin_packing_online")
SIGNATURES = signatures_of(PROBLEM.functions())
CARD = ProblemCard.from_problem(PROBLEM)
HEADER = "def priority(item, bins):"
SOURCES = hostile_sources("priority", ("item", "bins"))

patiently = dear(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def read(source: str) -> list[str]:
    """What the parser makes of a source, fenced and bare; usually one code or none."""
    replies = [f"{{An idea.}}\n```python\n{source}\n```", source]
    found = [parse_reply(reply, SIGNATURES, truncated=cut) for reply in replies for cut in (False, True)]
    return list(dict.fromkeys(one.code for one in found if isinstance(one, ParsedReply)))


@functools.cache
def accepted() -> Mapping[str, Sequence[str]]:
    """What is odd about a source → the codes that are made of it, of those of which any are.

    Made by the first test that wants them: it takes a second, which every worker would spend while it collects tests.
    """
    return {what: codes for what, source in SOURCES.items() if (codes := read(source))}


CHAINED = [what for what in SOURCES if what.startswith("chained ")]
"""Long sources that repeat one thing."""

SHORTER = [*(what for what in SOURCES if what not in CHAINED), *(f"{what}, shorter" for what in CHAINED)]
"""All sources, the long ones cut to a fifteenth, for work that grows with the square of their length."""


def codes_of(what: str) -> Sequence[str]:
    """The codes of a source by its name; that of a shorter one is itself. Of what is refused there are none, and nothing to do."""
    if what.endswith(", shorter"):
        return [chained(what.removeprefix("chained ").removesuffix(", shorter"), 600, HEADER)]
    return accepted().get(what, [])


def _most_by_night(sources: Sequence[str]) -> list[Any]:
    """Every fourth by day."""
    return [
        pytest.param(what, id=what, marks=() if number % 4 == 0 else pytest.mark.nightly) for number, what in enumerate(sources)
    ]


def candidate(code: str, number: int = 1) -> Candidate:
    result = InstanceResult(instance="i", family="f", status=Status.OK, cost=1.0 + number, reference=1.0)
    evaluation = Evaluation(
        status=Status.OK,
        objective=1.0 + number,
        objective_kind="mean_cost",
        split="train",
        results=(result,),
        measures=measures(code),
    )
    return Candidate(
        id=number, code=code, thought="An idea.", operator="e1", parents=(), evaluation=evaluation, code_hash=code_hash(code)
    )


# Replies


@pytest.mark.parametrize("text", [*HOSTILE_REPLIES.values(), *SOURCES.values()], ids=[*HOSTILE_REPLIES, *SOURCES])
def test_every_reply_is_a_code_or_a_refusal(text: str) -> None:
    """And a refusal has words that can be stored and shown."""
    for truncated in (False, True):
        found = parse_reply(text, SIGNATURES, truncated=truncated)
        if isinstance(found, Failure):
            assert found.detail
            assert found.detail.isprintable() or "\ud800" in text or "\udfff" in text
        else:
            assert check_code(found.code, SIGNATURES) is None
            assert "\n" not in found.thought


WORDS = (
    "def priority(item, bins):|return lambda|item|bins|(|)|[|]|{|}|:|,|.|@|;|#|'|f'{|}'|:=|**|*|->|1|0xff|1e999|global|nonlocal|del|match"
    "|case|async|await|yield|class|try:|except|finally:|with|if|else|for|in|while|import|from|as|not|is|None|True|__debug__|é|ﬁ|```|~~~|<think>"
    "|</think>|print|pass|...|np."
)
TOKENS = st.sampled_from([*(f"{word} " for word in WORDS.split("|")), *WORDS.split("|"), '"' * 3, *"\\\n\t\0\ud800\f\r\ufeff"])


@given(st.lists(TOKENS, max_size=40).map("".join), st.booleans())
def test_any_sequence_of_tokens_is_read_and_what_is_accepted_can_be_worked_with(text: str, truncated: bool) -> None:
    found = parse_reply(f"def priority(item, bins):\n    x = 1\n    {text}\n    return bins", SIGNATURES, truncated=truncated)
    if isinstance(found, ParsedReply):
        use(found.code)


# Sources that were accepted


def use(code: str) -> None:
    """Everything that is done to a candidate's code on the trusted side, apart from what has a test of its own."""
    assert len(code_hash(code)) == 32
    assert all(value >= 0 for value in measures(code).values())
    screen(code, ScreenConfig())
    constants = find_constants(code)
    tuned = with_values(code, constants, [constant.value * 1.5 + 0.25 for constant in constants])
    read_program(tuned)
    read_program(versioned_code(code, CARD, 3))
    read_program(module_source(code, 'A docstring """ with \\ and \0'.replace("\0", "")))
    for share in (0.1, 1.0):
        ruin(code, share, random.Random(1))
    new_lines(tuned, code)
    print_code(Console(file=io.StringIO(), width=60), code)


def test_many_hostile_sources_are_accepted() -> None:
    assert len(accepted()) > 60
    assert set(CHAINED) <= set(accepted())


@pytest.mark.parametrize("what", SOURCES)
def test_a_code_that_is_accepted_can_be_hashed_measured_tuned_ruined_renamed_exported_and_shown(what: str) -> None:
    for code in codes_of(what):
        use(code)


@pytest.fixture(scope="module")
def mutator() -> Mutator:
    return MutatorConfig().build(GeneratorContext(problem=PROBLEM, variations={"crossover": "vary"}))


def breed(mutator: Mutator, request: Request) -> None:
    """Have it answered, or refused; what it answers is read again."""
    with contextlib.suppress(GenerationError):
        reply = asyncio.run(mutator.complete((), request, seed=7))
        assert isinstance(parse_reply(reply.text, SIGNATURES), ParsedReply)


def breed_by_all_operators(mutator: Mutator, code: str) -> None:
    """The source in either place."""
    plain = candidate(CARD.code, 2)
    for operator, parents in {
        **{bare: (candidate(code),) for bare in ("m1", "m2", "m3")},
        "e1": (candidate(code), plain),
        "e2": (plain, candidate(code)),
        "crossover": (candidate(code), candidate(code, 2)),
    }.items():
        breed(mutator, Request(operator=operator, parents=parents))


@pytest.mark.parametrize("what", _most_by_night(SHORTER))
def test_the_mutator_answers_or_refuses(mutator: Mutator, what: str) -> None:
    """Every operator, the source in either place."""
    for code in codes_of(what):
        breed_by_all_operators(mutator, code)


@pytest.mark.nightly
@pytest.mark.parametrize("what", CHAINED)
def test_the_mutator_answers_or_refuses_the_longest(mutator: Mutator, what: str) -> None:
    """Sources nearly as long as it takes, every operator."""
    for code in codes_of(what):
        breed_by_all_operators(mutator, code)


@pytest.mark.parametrize("shape", ["a text", "spaces"])
def test_a_source_nearly_as_long_as_the_mutator_takes_is_answered_or_refused(mutator: Mutator, shape: str) -> None:
    """The others of that length are `nightly`."""
    breed(mutator, Request(operator="m3", parents=(candidate(SOURCES[f"chained {shape}"]),)))


def test_the_mutator_refuses_what_would_take_it_seconds(mutator: Mutator) -> None:
    """All others wait while it looks for something to change."""
    long = candidate(chained("names", 20_000, HEADER))
    with pytest.raises(GenerationError, match="edits code of up to 10,000 characters; parent 1 has") as caught:
        asyncio.run(mutator.complete((), Request(operator="m1", parents=(long,)), seed=7))
    assert caught.value.reason == "too-long"


@pytest.mark.parametrize("what", _most_by_night(list(SOURCES)))
def test_the_tuner_answers(what: str) -> None:
    async def score(changed: str) -> float:
        read_program(changed)
        return float(len(changed))

    context = {"method": "cma-es", "evaluations": "12"}
    for code in codes_of(what):
        request = Request(operator="harmony", kind=RequestKind.TUNING, parents=(candidate(code),), context=context)
        reply = asyncio.run(Tuner(seed=1).complete(request, score))
        parse_reply(reply.text, SIGNATURES)


@pytest.mark.parametrize("kind", BUILTIN_STRATEGIES)
def test_every_strategy_breeds_from_hostile_codes_and_its_prompts_can_be_written(kind: str) -> None:
    """A hundred and fifty requests, all candidates hostile: the strategy asks and is told, and each prompt holds what it shows."""
    family = resolve_kind(kind, BUILTIN_STRATEGIES, StrategyConfig, what="strategy")  # type: ignore[type-abstract]
    config = family.model_validate({"kind": kind})
    pool = [code for codes in accepted().values() for code in codes]
    prompts = PromptLibrary(CARD)

    def hostile(number: int, request: Request, identity: int) -> Any:
        if request.produces == "note":
            return Note(text=list(HOSTILE_REPLIES.values())[number % len(HOSTILE_REPLIES)][:2000])
        made = candidate(pool[number % len(pool)], identity)
        return dataclasses.replace(made, operator=request.operator, parents=tuple(parent.id for parent in request.parents))

    for request in StrategyRun(config, hostile, watch=False).play_in_order(150):
        if request.kind.asks_model:
            (message,) = prompts.render(config.template_folder, request)
            assert message.content


# What is stored and shown


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.open(f"sqlite:///{tmp_path_factory.mktemp('hostile')}/a.db", create=True) as opened:
        yield opened


TEXT = st.text() | st.sampled_from([*HOSTILE_REPLIES.values(), *SOURCES.values()])


@patiently
@given(text=TEXT, code=TEXT, thought=TEXT, detail=TEXT, number=st.integers(1, 10**12))
def test_what_is_stored_comes_back_as_it_was(
    archive: Archive, text: str, code: str, thought: str, detail: str, number: int
) -> None:
    """Whatever characters: reply, code, thought, reasons and notes, on SQLite to the letter."""
    run = new_run(archive, archive.fresh_name("r"))
    archive.record_baseline(run.id, dataclasses.replace(candidate(CARD.code), id=0))
    asked = archive.record_ask(run.id, Request(operator="e1", context={"a": thought}), (Message(role="user", content=text),))
    usage = Usage(prompt_tokens=number % 10**9, completion_tokens=1)
    asked = archive.record_completion(asked, Completion(text=text, model=detail, finish=thought, usage=usage))
    failed = InstanceResult(
        instance="i", family="f", status=Status.ERROR, cost=None, reference=1.0, detail=detail, notes={thought[:9]: detail[:99]}
    )
    evaluation = Evaluation(status=Status.ERROR, objective=None, split="train", results=(failed,), detail=detail)
    told = Candidate(id=1, code=code, thought=thought, operator="e1", parents=(0,), evaluation=evaluation, code_hash="1" * 32)
    archive.record_tell(asked, told)
    failing = archive.record_ask(run.id, Request(operator="e1"), ())
    archive.record_tell(failing, Failure(stage="parsing", reason="syntax", detail=detail))
    record = archive.candidate(run.name, 1)
    assert record.candidate == told
    assert record.asked is not None
    assert record.asked.completion == asked.completion
    assert record.asked.messages == asked.messages
    assert archive.failures(run.name)


@patiently
@given(text=TEXT, thought=TEXT, detail=TEXT)
def test_observers_show_what_they_hear(text: str, thought: str, detail: str) -> None:
    """A screen, a pipe and a log take any candidate and any failure."""
    outcome = dataclasses.replace(candidate(CARD.code), code=text, thought=thought)
    totals = made_up.totals(1)
    events = [
        made_up.started(),
        *(
            OutcomeTold(told=made_up.told(one), totals=totals)
            for one in (outcome, Failure(stage="parsing", reason=detail, detail=detail))
        ),
    ]
    events += [
        NewBest(candidate=outcome, totals=totals),
        made_up.stopped(made_up.record(17, made_up.scored(150.0), thought=thought, code=text)),
    ]
    log = io.StringIO()
    observers: list[Any] = [JsonlObserver(log), ConsoleObserver(Console(file=io.StringIO(), width=70))]
    for event in events:
        for observer in observers:
            observer.notify(event)
    assert len([json.loads(line) for line in log.getvalue().splitlines()]) == len(events)


@patiently
@given(text=TEXT, model=TEXT)
def test_a_recording_holds_any_reply(tmp_path: Path, text: str, model: str) -> None:
    """Written and read again it is the same, but for half a surrogate, of which a whole character is made."""
    path = tmp_path / "replies.jsonl"
    reply = RecordedReply(messages=(Message(role="user", content=text),), completion=Completion(text=text, model=model))
    assert write_replies(path, [reply]) == 1
    (found,) = read_replies(path)
    halved = any("\ud800" <= character <= "\udfff" for character in text + model)
    assert found == reply or (halved and "\ufffd" in found.completion.text + found.completion.model)


# Reports


@dataclasses.dataclass
class ScriptedSession:
    """A child that reports as it is told."""

    report: Report

    def ask(self, question: Json) -> Report:
        return self.report

    def play(self, question: Json, arrivals: Sequence[Json], *, seconds: float) -> Report:
        return self.report

    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...


@dataclasses.dataclass
class ScriptedSandbox:
    """Opens as it is told, and every question gets one report."""

    opened: Report
    report: Report
    level: str = "scripted"

    def start(self) -> None: ...

    def open(self, candidate: Json, limits: Limits) -> tuple[Session, Report]:
        return ScriptedSession(self.report), self.opened

    def close(self) -> None: ...


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text() | st.just(10**400),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["solution", "notes", "x"]), inner, max_size=3),
    max_leaves=8,
)
ANSWERS = JSON | st.fixed_dictionaries({"solution": JSON, "notes": JSON})
REPORTS = st.builds(
    Report,
    status=st.sampled_from(ReportStatus),
    value=ANSWERS | st.lists(ANSWERS, max_size=3),
    detail=st.text(),
    cpu_seconds=st.floats(0, 1e9),
)
SETS = {
    name: InstanceSet.of_split(load_problem(name), "train") for name in ("bin_packing_online", "tsp_constructive", "cvrp_savings")
}


@pytest.mark.parametrize("name", SETS)
@given(opened=REPORTS, report=REPORTS)
def test_an_evaluation_of_any_report_is_one_that_can_be_stored(name: str, opened: Report, report: Report) -> None:
    """Whatever a guest sends: a status, a reason where it is not OK, and finite numbers."""
    evaluator = Evaluator(load_problem(name), ScriptedSandbox(opened, report), Limits(), seed=1)
    evaluation = evaluator.evaluate(EvaluationTask(code=CARD.code, instances=SETS[name]))
    assert (evaluation.status is Status.OK) == (evaluation.objective is not None)
    json.dumps([dict(result.notes) for result in evaluation.results], allow_nan=False)
    for result in evaluation.results:
        assert (result.cost is None) == (result.status is not Status.OK)
