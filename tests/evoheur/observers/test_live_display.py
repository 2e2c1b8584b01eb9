"""The live display."""

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from evoheur.candidate import AUDIT, Status
from evoheur.evaluation.audit_verdict import AuditVerdict, Lead
from evoheur.observers.live_display import LiveDisplay
from evoheur.observers.progress import Progress
from evoheur.run.budget import Budget
from evoheur.run.events import BestAudited, Event, NewBest, OutageNews, Preparing, RequestSent, Throttled
from tests.evoheur.observers.support import made_up
from tests.evoheur.observers.support.sequences import events


def picture(*events: Event, seconds: float = 10.0, width: int = 140) -> str:
    """What the display shows at the last event, so many seconds after the ones before, as plain text."""
    clock = made_up.Clock()
    console = Console(file=io.StringIO(), width=width, force_terminal=True, record=True)
    progress = Progress(clock)
    display = LiveDisplay(console, progress)
    for event in events[:-1]:
        progress.hear(event)
    clock.now += seconds
    progress.hear(events[-1])
    console.print(display.picture())
    return console.export_text()


def test_shows_budget_scores_spending_and_waiting() -> None:
    """20 of 100 evaluations in 10 s after the first: 2 a second, 39 s to go. Gaps as made up: 0.5 % found, 4 % own, 1 % textbook."""
    best = made_up.candidate(17, made_up.scored(100.5))
    done = made_up.totals(
        21, failures={"timeout": 1, "error": 4}, duplicates=3, best_objective=0.5, seconds=10.0, prompt_tokens=1500, cost_usd=0.25
    )
    one = RequestSent(asked=made_up.asked(), totals=made_up.totals(1))
    shown = picture(made_up.started(), one, Throttled(seconds=22.0, reason="429"), NewBest(candidate=best, totals=done))
    lines = [" ".join(line.split()) for line in shown.splitlines()]
    assert lines[0].endswith("21% 21/100 evaluations, 10 s, about 40 s left")
    assert lines[1:] == [
        "best gap on train 0.50 % candidate 17 (e2 of 3, 5)",
        "Prefers the fullest bin.",
        "problem's own heuristic 4.00 %",
        "best textbook rule 1.00 %, sum_of_squares",
        "failures error 4, timeout 1",
        "spent 21 requests, 21 calls, 21 evaluations, 3 duplicates, 1,500 tokens (1,500 sent, 0 received), $0.2500",
        "rate 2 evaluations/s",
        "waiting 12 s: 429",
    ]


def test_shows_an_outage_until_it_is_over() -> None:
    down = OutageNews(endpoint="m at there", reason="HTTP 503", since=0.0, seconds=9.0, next_try=120.0)
    shown = " ".join(picture(made_up.started(), down).split())
    assert "outage paused: m at there is down since" in shown
    assert "(HTTP 503), next try in" in shown
    assert "outage" not in picture(made_up.started(), down, replace(down, next_try=None))
    assert "others answer for m at there, which is down" in " ".join(
        picture(made_up.started(), replace(down, others_answer=True)).split()
    )


def test_shows_whether_the_lead_on_train_holds_on_fresh_instances() -> None:
    """3 points of 4 on train, and as much as 1 of them on fresh ones: most of it is lost."""
    verdict = AuditVerdict(
        instances=60,
        status=Status.OK,
        train=Lead(value=3.0, low=2.5, high=3.5),
        audit=Lead(value=1.0, low=0.5, high=1.5),
        lost=Lead(value=2.0, low=1.25, high=2.75),
    )
    best = made_up.record(17, made_up.scored(101.0), made_up.scored(103.0, AUDIT))
    shown = picture(made_up.started(), BestAudited(candidate=best, verdict=verdict, totals=made_up.totals(200)))
    assert "lead over it" in shown
    assert "3.00 points on train, 1.00 [0.50, 1.50] on fresh instances: overfitted (candidate 17)" in shown


def test_shows_what_is_being_prepared_and_for_how_long() -> None:
    """Before the run starts there is nothing else; after its last evaluation it is a line more."""
    assert picture(Preparing(step="compiling kernels"), seconds=0.0).split(maxsplit=1)[1].strip() == "Compiling kernels … 0 s"
    shown = picture(made_up.started(), Preparing(step="scoring the best"))
    assert "Scoring the best … 0 s" in shown.splitlines()[-1]
    assert "0/100 evaluations" in shown


def test_a_step_before_the_start_leaves_no_trace() -> None:
    file = io.StringIO()
    progress = Progress(made_up.Clock())
    display = LiveDisplay(Console(file=file, width=100, force_terminal=True), progress)
    for event in (Preparing(step="compiling"), made_up.started()):
        progress.hear(event)
        display.show(event)
    display.close()
    assert file.getvalue().count("\x1b[?25l") == file.getvalue().count("\x1b[?25h") == 2


def test_shows_no_bar_where_no_limit_can_be_counted() -> None:
    shown = picture(made_up.started(budget=Budget(evaluations=None)))
    assert shown.splitlines()[0].strip() == "0 evaluations, 0 s"


@pytest.mark.parametrize("width", [20, 40])
def test_fits_a_narrow_terminal_without_characters_that_it_may_lack(width: int) -> None:
    """Rich shortens with an ellipsis character unless told to fold; on a terminal without Unicode that would be an error."""
    lines = picture(made_up.started(), width=width).splitlines()
    assert all(len(line) <= width for line in lines)
    assert "\u2026" not in "".join(lines)


def test_gives_the_terminal_back_at_the_end_and_when_closed_early() -> None:
    """The cursor is hidden during the run and shown after it; nothing of the display stays."""
    for last in (made_up.stopped(), None):
        file = io.StringIO()
        display = LiveDisplay(Console(file=file, width=100, force_terminal=True), Progress(made_up.Clock()))
        display.show(made_up.started())
        assert file.getvalue().endswith("\x1b[?25l")
        if last is None:
            display.close()
        else:
            display.show(last)
        display.close()
        assert file.getvalue().count("\x1b[?25l") == file.getvalue().count("\x1b[?25h") == 1


def test_starting_again_ends_the_earlier_display() -> None:
    file = io.StringIO()
    display = LiveDisplay(Console(file=file, width=100, force_terminal=True), Progress(made_up.Clock()))
    display.show(made_up.started())
    display.show(made_up.started())
    display.close()
    assert file.getvalue().count("\x1b[?25l") == file.getvalue().count("\x1b[?25h") == 2


@given(st.lists(events(), max_size=6), st.sampled_from(["utf-8", "ascii"]), st.integers(20, 120))
def test_can_be_drawn_after_every_event(sequence: list[Event], encoding: str, width: int) -> None:
    """The thread that redraws may come at any moment, and nobody would see its error."""
    clock = made_up.Clock()
    console = Console(file=io.TextIOWrapper(io.BytesIO(), encoding=encoding), width=width, force_terminal=True)
    progress = Progress(clock)
    display = LiveDisplay(console, progress)
    for event in sequence:
        clock.now += 4.0
        progress.hear(event)
        console.print(display.picture())
