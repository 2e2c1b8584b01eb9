"""How a run learns of its user's advice."""

import asyncio
import threading
from collections.abc import Callable, Sequence

from evoheur.archive.advice import Advice
from evoheur.run.advice_watch import AdviceWatch


class Notes:
    """An archive's advice, and how often it was looked at."""

    def __init__(self, *texts: str) -> None:
        self.kept = tuple(Advice(text=text) for text in texts)
        self.looks = 0

    def advice(self, run_id: int) -> tuple[Advice, ...]:
        self.looks += 1
        return self.kept

    def change_advice(self, run_id: int, change: Callable[[tuple[Advice, ...]], Sequence[Advice]]) -> tuple[Advice, ...]:
        self.kept = tuple(change(self.kept))
        return self.kept


class Clock:
    """A clock that is set."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_what_is_added_is_shown_from_the_next_look_on() -> None:
    """And its first request is noted, which is the one whose prompt shows it."""
    notes, clock = Notes("One."), Clock()
    watch = AdviceWatch(notes, 1, clock=clock)
    assert watch(1) == ("One.",)
    notes.kept = (*notes.kept, Advice(text="Two."))
    assert watch(2) == ("One.",)
    clock.seconds = 1.0
    assert watch(7) == ("One.", "Two.")
    assert [each.first for each in notes.kept] == [1, 7]


def test_what_is_withdrawn_ends_with_the_last_request_that_showed_it() -> None:
    notes, clock = Notes("One."), Clock()
    watch = AdviceWatch(notes, 1, clock=clock)
    assert watch(3) == ("One.",)
    notes.kept = tuple(each.model_copy(update={"withdrawn": True}) for each in notes.kept)
    clock.seconds = 2.0
    assert watch(9) == ()
    assert [(each.first, each.last) for each in notes.kept] == [(3, 8)]


def test_the_archive_is_looked_at_once_a_second() -> None:
    notes, clock = Notes(), Clock()
    watch = AdviceWatch(notes, 1, clock=clock)
    for number in range(1, 101):
        clock.seconds = number / 50
        watch(number)
    assert notes.looks == 2


def test_a_resumed_run_goes_on_with_what_is_noted() -> None:
    """A second watch changes nothing that the first has noted."""
    notes = Notes("One.")
    AdviceWatch(notes, 1)(4)
    before = notes.kept
    assert AdviceWatch(notes, 1)(30) == ("One.",)
    assert notes.kept == before


class SlowNotes(Notes):
    """Notes on a server; its answer may be held back."""

    def __init__(self, *texts: str) -> None:
        super().__init__(*texts)
        self.answers = threading.Event()
        self.answers.set()

    def advice(self, run_id: int) -> tuple[Advice, ...]:
        self.answers.wait()
        return super().advice(run_id)


def test_beside_a_loop_only_the_first_look_is_waited_for() -> None:
    """What a later one finds shows once it is there, and is noted with that request."""

    async def scenario() -> None:
        notes, clock = SlowNotes("One."), Clock()
        watch = AdviceWatch(notes, 1, clock=clock, beside=True)
        assert watch(1) == ("One.",)
        notes.kept = (*notes.kept, Advice(text="Two."))
        notes.answers.clear()
        clock.seconds = 1.0
        assert watch(2) == watch(3) == ("One.",)
        notes.answers.set()
        while watch(4) == ("One.",):  # noqa: ASYNC110 - nobody says when a look is over
            await asyncio.sleep(0)
        assert [each.first for each in notes.kept] == [1, 4]
        assert notes.looks == 2

    asyncio.run(scenario())
