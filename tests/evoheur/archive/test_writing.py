"""What goes in comes out: any outcome, any text, in any order of telling."""

from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evoheur.archive.archive import Archive
from evoheur.archive.records import Asked, Told
from evoheur.archive.row_writing import finite
from evoheur.candidate import Candidate, Evaluation, InstanceResult, ObjectiveKind, Status
from evoheur.request import Completion, Failure, Message, Note, Outcome, Request, Usage
from tests.evoheur.archive.support.made_up import MESSAGES, REPLY, candidate, new_run, step
from tests.support.example_budget import dear

TEXT = st.text(st.characters(), max_size=20)  # lone surrogates and NUL included
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
COUNT = st.integers(0, 2**31 - 1)
KIND = st.sampled_from(get_args(ObjectiveKind))
FAILED = st.sampled_from([status for status in Status if status is not Status.OK])

RESULTS = st.one_of(
    st.builds(
        InstanceResult,
        instance=TEXT,
        family=TEXT,
        status=st.just(Status.OK),
        cost=NUMBER,
        reference=st.none() | NUMBER,
        cpu_seconds=st.floats(0, 1e9),
        detail=TEXT,
        notes=st.dictionaries(TEXT, TEXT, max_size=2),
    ),
    st.builds(InstanceResult, instance=TEXT, family=TEXT, status=FAILED, cost=st.none(), reference=st.none(), detail=TEXT),
)
REST = {
    "split": st.just("train"),
    "results": st.lists(RESULTS, max_size=3).map(tuple),
    "measures": st.dictionaries(TEXT, NUMBER, max_size=2),
    "level": TEXT,
    "detail": TEXT,
}
EVALUATIONS = st.one_of(
    st.builds(Evaluation, status=st.just(Status.OK), objective=NUMBER, objective_kind=KIND, **REST),
    st.builds(Evaluation, status=FAILED, objective=st.none(), **REST),
)
CANDIDATES = st.builds(
    Candidate,
    id=st.just(0),
    code=TEXT,
    thought=TEXT,
    operator=TEXT,
    parents=st.just(()),
    evaluation=EVALUATIONS,
    code_hash=st.text("0123456789abcdef", min_size=1, max_size=32),
)
OUTCOMES = st.one_of(
    CANDIDATES,
    st.builds(Note, text=TEXT),
    st.builds(Failure, stage=st.sampled_from(["generation", "parsing"]), reason=TEXT, detail=TEXT, attempts=COUNT),
)
REPLIES = st.builds(
    Completion,
    text=TEXT,
    model=TEXT,
    usage=st.builds(
        Usage,
        prompt_tokens=COUNT,
        completion_tokens=COUNT,
        estimated=st.booleans(),
        cached_tokens=COUNT,
        reasoning_tokens=COUNT,
    ),
    finish=TEXT,
    seconds=st.floats(0, 1e9),
    attempts=COUNT,
    cost_usd=st.none() | NUMBER,
    price_source=st.none() | TEXT,
)
PROMPTS = st.lists(st.builds(Message, role=st.sampled_from(["system", "user", "assistant"]), content=TEXT), max_size=2).map(tuple)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """One archive for all examples; each makes a run of its own."""
    with Archive.open(f"sqlite:///{tmp_path_factory.mktemp('any') / 'evoheur.db'}", create=True) as opened:
        yield opened


@dear()
@given(st.lists(st.tuples(OUTCOMES, PROMPTS, st.none() | REPLIES), max_size=5), st.data())
@example([(Note(text="\ud83d\0"), MESSAGES, replace(REPLY, text="\udc00 ü \0 😀"))], None)
def test_any_log_comes_back_as_it_went_in(
    shared: Archive, steps: list[tuple[Outcome, tuple[Message, ...], Completion | None]], data: st.DataObject | None
) -> None:
    """All asks first, then the tells in any order; candidates get the numbers of that order, and any parents told before."""
    run = new_run(shared, shared.fresh_name("any"))
    shared.record_baseline(run.id, candidate(0))
    asks = []
    for outcome, messages, reply in steps:
        asked = shared.record_ask(run.id, Request(operator="e1", tag=repr(outcome)), messages)
        asks.append((asked if reply is None else shared.record_completion(asked, reply), outcome))
    told: list[Asked | Told] = []
    known = [0]
    for asked, outcome in asks if data is None else data.draw(st.permutations(asks)):
        if isinstance(outcome, Candidate):
            parents = () if data is None else tuple(data.draw(st.lists(st.sampled_from(known), max_size=3)))
            outcome = replace(outcome, id=len(known), parents=parents)  # noqa: PLW2901 - the same outcome, with its place in the run
            known.append(outcome.id)
        told.append(shared.record_tell(asked, outcome))
    with Archive.open(shared.url, read_only=True) as reader:
        assert reader.log(run.id) == [asked for asked, _ in asks] + told


@dear()
@given(CANDIDATES)
def test_any_baseline_comes_back_as_it_went_in(shared: Archive, baseline: Candidate) -> None:
    run = new_run(shared, shared.fresh_name("baseline"))
    assert shared.baseline(run.id) is None
    shared.record_baseline(run.id, baseline)
    assert shared.baseline(run.id) == baseline


def test_a_second_baseline_is_our_fault(archive: Archive) -> None:
    run = new_run(archive)
    archive.record_baseline(run.id, candidate(0))
    with pytest.raises(ValueError, match="Candidate has number 0, but the next of its run is 1"):
        archive.record_baseline(run.id, candidate(0))


def test_text_that_has_no_utf8_form_keeps_its_column_readable_for_others(file_archive: Archive) -> None:
    """The odd string is stored as bytes, every other one as text."""
    run = new_run(file_archive)
    for text in ("plain ü", "half \ud83d"):
        step(file_archive, run, Note(text=text))
    with file_archive._reading() as connection:
        kinds = list(connection.exec_driver_sql("SELECT typeof(note) FROM request ORDER BY id").scalars())
    assert kinds == ["text", "blob"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_finite_names_the_field(value: float) -> None:
    with pytest.raises(ValueError, match=rf"cost is {value}, which the archive does not keep; a failure needs a status"):
        finite("cost", value)


def test_finite_lets_numbers_through_as_floats() -> None:
    assert [finite("cost", value) for value in (3, -0.5, True)] == [3.0, -0.5, 1.0]
