"""Every part of a run hears of every step, in one order, and those that remember hear the log again."""

import asyncio
import time
from pathlib import Path

import pytest

from evoheur.archive.archive import Archive
from evoheur.archive.records import Asked, Told
from evoheur.candidate import Candidate
from evoheur.errors import StrategyStuck
from evoheur.request import Completion, Failure, Message, Note, Outcome, Request, RequestKind
from evoheur.run.listeners import GeneratorWatch, TotalsListener
from evoheur.run.loop import Loop, LoopEnd, StopSignal
from evoheur.run.step import Step, StepListener, StepListeners
from tests.evoheur.run.test_loop import configure, run, wire


class Heard(StepListener):
    """Writes down what it hears; the list may be shared."""

    def __init__(self, name: str = "", into: list[tuple[str, str, int]] | None = None, *, hears_log: bool = False) -> None:
        self.hears_log = hears_log
        self.log: list[tuple[str, str, int]] = [] if into is None else into
        self._name = name

    def asked(self, step: Step) -> None:
        self.log.append((self._name, "asked", step.asked.number))

    def replied(self, step: Step) -> None:
        assert step.completion is not None
        self.log.append((self._name, "replied", step.asked.number))

    def told(self, step: Step) -> None:
        assert step.told.outcome is step.outcome
        self.log.append((self._name, "told", step.asked.number))


class FakeWriter(Heard):
    """Stores nothing, but numbers the steps as an archive does."""

    def __init__(self) -> None:
        super().__init__("writer")
        self._steps = 0

    def asked(self, step: Step) -> None:
        self._steps += 1
        step.asked = stored(self._steps, step.request)

    def told(self, step: Step) -> None:
        step.told = Told(asked=step.asked, sequence=100 + step.asked.number, outcome=step.outcome)


def stored(number: int, request: Request) -> Asked:
    return Asked(
        id=number, number=number, sequence=number, operator=request.operator, fingerprint="", messages=(), kind=request.kind
    )


class Notes:
    """Asks for as many notes as it is to, and answers them, each after so many turns of the event loop."""

    def __init__(self, turns: list[int], kinds: list[RequestKind] | None = None) -> None:
        self._turns = turns
        self._kinds = iter(kinds or [RequestKind.MODEL] * len(turns))
        self.most_in_work = self._in_work = 0

    def ask(self) -> Request | None:
        kind = next(self._kinds, None)
        return None if kind is None else Request(operator="reflect", produces="note", kind=kind)

    def render(self, request: Request) -> tuple[Message, ...]:
        return (Message(role="user", content=request.operator),)

    async def answer(self, step: Step, replied: object) -> Outcome:
        self._in_work += 1
        self.most_in_work = max(self.most_in_work, self._in_work)
        for _ in range(self._turns[step.asked.number - 1]):
            await asyncio.sleep(0)
        step.completion = Completion(text="", model="m")
        assert callable(replied)
        await replied(step)
        self._in_work -= 1
        return Note(text="")


def played(
    notes: Notes, *listeners: StepListener, in_flight: int = 3, asked: int | None = None, order: str = "arrival"
) -> LoopEnd:
    counted = TotalsListener()

    def spent() -> str | None:
        return "enough" if asked is not None and counted.totals.requests >= asked else None

    def caught(_step: Step, error: BaseException) -> Failure:
        raise error

    async def scenario() -> LoopEnd:
        loop = Loop(
            source=notes,
            answering=notes,
            listeners=StepListeners([FakeWriter(), counted, *listeners]),
            spent=spent,
            caught=caught,
            signal=StopSignal(),
            in_flight=in_flight,
            tell_order="asked" if order == "asked" else "arrival",
        )
        return await loop.run()

    return asyncio.run(scenario())


def test_all_hear_of_each_stage_one_after_the_other() -> None:
    """One request at a time, two parts: both hear that it was asked before anything comes of it, and so on."""
    log: list[tuple[str, str, int]] = []
    ending = played(Notes([1, 1]), Heard("a", log), Heard("b", log), in_flight=1, asked=2)
    assert (ending.status, ending.reason) == ("finished", "enough")
    assert log == [(name, stage, number) for number in (1, 2) for stage in ("asked", "replied", "told") for name in "ab"]


def test_outcomes_are_told_as_they_come_or_as_they_were_asked() -> None:
    """The first answer takes longest."""
    for order, numbers in (("arrival", [3, 2, 1]), ("asked", [1, 2, 3])):
        heard = Heard()
        played(Notes([40, 20, 5]), heard, asked=3, order=order)
        assert [number for _, stage, number in heard.log if stage == "told"] == numbers


def test_what_asks_no_model_keeps_no_call_from_being_made() -> None:
    kinds = [RequestKind.TUNING_BESIDE, RequestKind.TUNING, *[RequestKind.MODEL] * 4]
    notes = Notes([9] * 6, kinds)
    played(notes, in_flight=2, asked=5)
    assert notes.most_in_work == 4


class SlowToAsk(Notes):
    """Takes a hundredth of a second for every request, as a strategy with a long prompt may."""

    def __init__(self, requests: int, log: list[tuple[str, str, int]]) -> None:
        super().__init__([1] * requests)
        self._log = log

    def ask(self) -> Request | None:
        time.sleep(0.01)
        return super().ask()

    async def answer(self, step: Step, replied: object) -> Outcome:
        self._log.append(("", "in work", step.asked.number))
        return await super().answer(step, replied)


def test_answers_are_worked_on_while_many_requests_are_asked_and_none_is_told_meanwhile() -> None:
    """Else nothing moves for seconds where a thousand are in flight; and what is asked would depend on what is finished by then."""
    log: list[tuple[str, str, int]] = []
    played(SlowToAsk(30, log), Heard(into=log), in_flight=30, asked=30)
    stages = [stage for _, stage, _ in log]
    last = log.index(("", "asked", 30))
    assert stages.index("in work") < last < stages.index("told")


def test_a_source_that_waits_for_nothing_is_stuck() -> None:
    with pytest.raises(StrategyStuck, match="Strategy Notes asks for nothing while nothing is in flight"):
        played(Notes([1]), in_flight=1)


def test_the_watch_stops_a_run_after_twenty_losses_in_a_row() -> None:
    """A reply in between begins the count anew; a reply that cannot be used is the model's doing and no loss."""
    endings: list[LoopEnd] = []
    watch = GeneratorWatch(endings.append)
    lost = Failure(stage="generation", reason="timeout", detail="60 s")
    prose = Failure(stage="parsing", reason="no-code", detail="prose")
    for outcome in [*[lost] * 19, prose, *[lost] * 20]:
        assert not endings
        step = Step(request=Request(operator="e1"))
        step.outcome = outcome
        watch.told(step)
    assert endings[0].reason == "20 requests in a row got no reply; the last one: 60 s"


def test_a_part_that_is_added_hears_a_real_run_and_if_it_remembers_the_log_when_it_is_resumed(
    tmp_path: Path, scheduling: str
) -> None:
    """What it hears again is what it heard: whoever learns from outcomes gets to where it was."""
    first, again, deaf = Heard(), Heard(hears_log=True), Heard()
    with Archive.open(f"sqlite:///{tmp_path}/a.db", create=True) as archive:
        discovery = wire(configure(scheduling, in_flight=1), archive)
        discovery.breeding.also = [first]
        stopped = asyncio.run(discovery.discover())
        assert len(first.log) == 3 * stopped.totals.requests
        resumed = wire(configure(scheduling, in_flight=1), archive, resume=True)
        resumed.breeding.also = [again, deaf]
        assert asyncio.run(resumed.discover()).totals.evaluations == stopped.totals.evaluations
        # The log has a reply beside the request that it answers, so it is heard then.
        assert again.log == first.log
        assert deaf.log == []
        told = [
            entry.outcome.id
            for entry in archive.log(stopped.run.id)
            if isinstance(entry, Told) and isinstance(entry.outcome, Candidate)
        ]
    assert told == list(range(1, len(told) + 1))


def test_totals_of_a_resumed_run_are_those_it_had(tmp_path: Path, scheduling: str) -> None:
    """Counted while it ran, counted by the database, and folded from the log on resuming."""
    config = configure(scheduling, {"fail_every": 4}, tune={"evaluations": 20, "each": 10, "settled": 1})
    lived = run(config, tmp_path).totals
    with Archive.open(f"sqlite:///{tmp_path}/a.db") as archive:
        counted = archive.totals(archive.run("r").id)
    folded = run(config, tmp_path, resume=True).totals
    assert lived.tunings > 0
    for field in lived.__dataclass_fields__.keys() - {"seconds", "cost_usd"}:
        assert getattr(lived, field) == getattr(counted, field) == getattr(folded, field), field
    assert counted.cost_usd is not None
    assert lived.cost_usd is not None
    assert abs(counted.cost_usd - lived.cost_usd) < 1e-9
