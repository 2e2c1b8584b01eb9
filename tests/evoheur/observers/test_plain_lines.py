"""A run as plain lines."""

import io
import time

import pytest
from rich.console import Console

from evoheur.observers.console import ConsoleObserver
from evoheur.observers.plain_lines import PlainLines
from evoheur.observers.progress import Progress
from evoheur.run.budget import Budget
from evoheur.run.events import NewBest, OutageNews, Preparing, RequestSent, Throttled
from tests.evoheur.observers.support import made_up


class Log:
    """A plain observer with its clock and what it wrote."""

    def __init__(self) -> None:
        self.clock = made_up.Clock()
        self._file = io.StringIO()
        self.observer = ConsoleObserver(Console(file=self._file, width=80), clock=self.clock)

    @property
    def lines(self) -> list[str]:
        """Written so far."""
        return self._file.getvalue().splitlines()

    def work(self, second: float, evaluations: int) -> None:
        """An ordinary event so many seconds into the session."""
        self.clock.now = 1000.0 + second
        done = made_up.totals(evaluations, seconds=second, failures={"error": 2}, prompt_tokens=900, best_objective=0.5)
        self.observer.notify(RequestSent(asked=made_up.asked(), totals=done))


@pytest.fixture
def log() -> Log:
    """Nothing written yet."""
    return Log()


def test_a_new_run_starts_with_one_line(log: Log) -> None:
    log.observer.notify(made_up.started())
    assert len(log.lines) == 1
    assert log.lines[0].startswith("Run made-up-1: bin_packing_online, eoh, mutator; 2 slots")


def test_a_resumed_run_says_where_it_goes_on(log: Log) -> None:
    log.observer.notify(made_up.started(done=made_up.totals(50, requests=60, best_objective=0.5)))
    assert log.lines[0].endswith("; goes on after 60 requests and 50 evaluations, best 0.50 %")


def test_ten_thousand_events_in_a_minute_give_six_progress_lines(log: Log) -> None:
    """At the first event after 10, 20, …, 60 s; the last event is at 61 s."""
    log.observer.notify(made_up.started(budget=Budget(evaluations=20_000)))
    for number in range(1, 10_001):
        log.work(61.0 * number / 10_000, number)
    assert len(log.lines) == 1 + 6


def test_progress_line_has_all_figures(log: Log) -> None:
    """20 of 100 evaluations in 10 s after the first, so 2 a second; best fit as own heuristic at 4 %, sum of squares at 1 %."""
    log.observer.notify(made_up.started())
    log.work(0.0, 1)
    log.work(10.0, 21)
    assert log.lines[1] == (
        "[10 s] 21/100 evaluations (21% of the budget), 2/s, about 40 s left; "
        "best 0.50 % (own heuristic 4.00 %, sum_of_squares 1.00 %); failures: error 2; 900 tokens"
    )


def test_what_takes_long_is_a_line_while_it_lasts(log: Log) -> None:
    """And what is over soon is none."""
    file, clock = io.StringIO(), made_up.Clock()
    lines = PlainLines(Console(file=file, width=80), Progress(clock), clock, patience=0.05)
    lines.show(Preparing(step="compiling kernels"))
    deadline = time.monotonic() + 30
    while not file.getvalue() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert file.getvalue() == "Compiling kernels …\n"
    patient = PlainLines(Console(file=file, width=80), Progress(clock), clock, patience=30.0)
    patient.show(Preparing(step="scoring rules"))
    patient.close()
    assert "Scoring" not in file.getvalue()


def test_every_new_best_is_one_line_even_if_its_thought_is_many(log: Log) -> None:
    log.observer.notify(made_up.started())
    log.clock.now += 3.0
    best = made_up.candidate(17, made_up.scored(100.5), thought="Fills\nup \x1b[31mfirst.")
    log.observer.notify(NewBest(candidate=best, totals=made_up.totals(20, seconds=3.0)))
    assert log.lines[1:] == ["[3 s] new best 0.50 % on train: candidate 17 (e2 of 3, 5): Fills up ?[31mfirst."]


def test_waiting_is_told_once_per_reason(log: Log) -> None:
    """The words after a colon are the server's and may name a request or a time, so they do not make another reason."""
    log.observer.notify(made_up.started())
    for seconds, reason in ((12.0, "429: wait 12 s"), (13.0, "429: wait 13 s"), (2.0, "connection reset"), (12.0, "429")):
        log.observer.notify(Throttled(seconds=seconds, reason=reason))
    assert [line.partition("] ")[2] for line in log.lines[1:]] == [
        "waiting 12 s: 429: wait 12 s",
        "waiting 2 s: connection reset",
        "waiting 12 s: 429",
    ]


def test_an_outage_has_a_line_at_its_beginning_and_one_at_its_end(log: Log) -> None:
    """However many tries there are between; progress lines say how it stands."""
    log.observer.notify(made_up.started())
    down = OutageNews(endpoint="m at there", reason="connection: refused", since=0.0, seconds=3.0, next_try=40.0)
    up = OutageNews(endpoint="m at there", reason="", since=0.0, seconds=200.0, next_try=None)
    for news in (down, down, down):
        log.observer.notify(news)
    log.work(10.0, 20)
    for news in (down, up, up):
        log.observer.notify(news)
    log.work(10.0, 20)
    said = [line.partition("] ")[2] for line in log.lines[1:]]
    assert said[0].startswith("paused: m at there is down since ")
    assert said[0].endswith(" (connection: refused), next try in 40 s")
    assert said[1].endswith("(connection: refused), next try in 30 s")
    assert said[2] == "m at there answers again, after 3 min 20 s"
    assert "down" not in said[-1]


def test_a_progress_line_says_that_the_generator_waits(log: Log) -> None:
    log.observer.notify(made_up.started())
    log.observer.notify(Throttled(seconds=30.0, reason="429"))
    log.work(10.0, 20)
    assert log.lines[-1].endswith("; waiting 20 s: 429")


def test_the_end_is_the_summary_and_no_progress_line(log: Log) -> None:
    log.observer.notify(made_up.started())
    log.clock.now += 60.0
    log.observer.notify(made_up.stopped())
    assert log.lines[2].startswith("Run made-up-1 finished")
