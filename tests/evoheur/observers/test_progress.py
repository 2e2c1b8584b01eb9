"""What a display knows between events."""

from dataclasses import replace

import pytest

from evoheur.observers.number_text import Scale
from evoheur.observers.progress import Progress
from evoheur.run.budget import Budget
from evoheur.run.events import NewBest, Preparing, ReplyReceived, RequestSent, Throttled
from tests.evoheur.observers.support import made_up


@pytest.fixture
def clock() -> made_up.Clock:
    """At 1000 s."""
    return made_up.Clock()


@pytest.fixture
def progress(clock: made_up.Clock) -> Progress:
    """Knows nothing yet."""
    return Progress(clock)


def at(progress: Progress, clock: made_up.Clock, second: float, evaluations: int) -> None:
    """Something happens so many seconds into the session."""
    clock.now = 1000.0 + second
    progress.hear(RequestSent(asked=made_up.asked(), totals=made_up.totals(evaluations, seconds=second)))


def test_knows_nothing_before_the_start(progress: Progress) -> None:
    figures = (progress.share, progress.rate, progress.seconds_left, progress.waiting, progress.best_textbook_rule, progress.best)
    assert figures == (None,) * 6


def test_rate_and_time_left_follow_from_the_pace_of_the_session(progress: Progress, clock: made_up.Clock) -> None:
    """20 of 100 evaluations in 10 s after the first: 2 a second, so the other 79 take 39.5 s."""
    progress.hear(made_up.started())
    at(progress, clock, 0.0, 1)
    at(progress, clock, 10.0, 21)
    assert progress.rate == pytest.approx(2.0)
    assert progress.share == pytest.approx(0.21)
    assert progress.seconds_left == pytest.approx(39.5)
    assert progress.scale is Scale.GAP


def test_compiling_is_no_part_of_the_pace(progress: Progress, clock: made_up.Clock) -> None:
    """The first evaluation came after 33 s, in which guests started and compiled; the 20 others took 10 s."""
    progress.hear(made_up.started())
    at(progress, clock, 20.0, 0)
    assert progress.rate is None
    at(progress, clock, 33.0, 1)
    at(progress, clock, 43.0, 21)
    assert progress.rate == pytest.approx(2.0)
    assert progress.seconds_left == pytest.approx(39.5)


def test_no_time_left_is_told_before_twenty_evaluations_of_the_session(progress: Progress, clock: made_up.Clock) -> None:
    """Neither in a new run nor in one that goes on."""
    for before in (0, 500):
        progress.hear(made_up.started(budget=Budget(evaluations=1000), done=made_up.totals(before)))
        for done in range(1, 20):
            at(progress, clock, 40.0 + done, before + done)
            assert progress.seconds_left is None
        at(progress, clock, 60.0, before + 20)
        assert progress.seconds_left == pytest.approx(1000.0 - before - 20)


def test_a_step_of_the_preparation_lasts_until_the_next_event(progress: Progress, clock: made_up.Clock) -> None:
    progress.hear(Preparing(step="compiling"))
    clock.now += 12.0
    assert (progress.step, progress.step_seconds) == ("compiling", 12.0)
    progress.hear(made_up.started())
    assert (progress.step, progress.step_seconds) == ("", 0.0)


def test_pace_of_a_resumed_run_leaves_out_earlier_sessions(progress: Progress, clock: made_up.Clock) -> None:
    """50 were done before; 20 more in 40 s after the first are half an evaluation a second, and the last 29 take 58 s."""
    progress.hear(made_up.started(done=made_up.totals(50, seconds=300.0)))
    at(progress, clock, 7.0, 51)
    at(progress, clock, 47.0, 71)
    assert progress.rate == pytest.approx(0.5)
    assert progress.seconds_left == pytest.approx(58.0)


def test_pace_is_that_of_the_last_half_minute_not_of_the_whole_session(progress: Progress, clock: made_up.Clock) -> None:
    """100 seconds at one evaluation per second, then 40 at five: the 32 samples kept are all of the faster part."""
    progress.hear(made_up.started(budget=Budget(evaluations=10_000)))
    for second in range(1, 101):
        at(progress, clock, second, second)
    for second in range(1, 41):
        at(progress, clock, 100 + second, 100 + 5 * second)
    assert progress.rate == pytest.approx(5.0)


def test_a_wall_time_limit_bounds_the_estimate(progress: Progress, clock: made_up.Clock) -> None:
    """At this pace 40 s are left, but of the minute allowed 50 s are gone."""
    progress.hear(made_up.started(budget=Budget(evaluations=100, minutes=1.0), done=made_up.totals(0, seconds=40.0)))
    clock.now += 10.0
    progress.hear(RequestSent(asked=made_up.asked(), totals=made_up.totals(20, seconds=50.0)))
    assert progress.seconds_left == pytest.approx(10.0)


def test_no_estimate_without_a_limit_or_without_progress(progress: Progress, clock: made_up.Clock) -> None:
    progress.hear(made_up.started(budget=Budget(evaluations=None)))
    at(progress, clock, 10.0, 20)
    assert (progress.share, progress.seconds_left) == (None, None)
    progress.hear(made_up.started())
    at(progress, clock, 20.0, 0)
    assert (progress.share, progress.seconds_left) == (0.0, None)


def test_time_goes_on_between_events(progress: Progress, clock: made_up.Clock) -> None:
    progress.hear(made_up.started(done=made_up.totals(1, seconds=60.0)))
    clock.now += 2.5
    assert progress.elapsed == pytest.approx(62.5)


def test_waiting_counts_down_and_ends_with_a_reply_or_by_itself(progress: Progress, clock: made_up.Clock) -> None:
    seen = []
    progress.hear(Throttled(seconds=12.0, reason="429"))
    clock.now += 5.0
    seen.append(progress.waiting)
    progress.hear(ReplyReceived(asked=made_up.asked(completion=made_up.completion()), totals=made_up.totals(1)))
    seen.append(progress.waiting)
    progress.hear(Throttled(seconds=12.0, reason="429"))
    clock.now += 12.0
    seen.append(progress.waiting)
    assert seen == [(7.0, "429"), None, None]


def test_keeps_the_best_candidate_and_the_best_textbook_rule(progress: Progress) -> None:
    """The sum of squares is at 1 %, best fit at 4 %."""
    progress.hear(made_up.started())
    best = made_up.candidate(17, made_up.scored(100.5))
    progress.hear(NewBest(candidate=best, totals=made_up.totals(20, best_objective=best.objective)))
    assert progress.best is best
    assert progress.best_textbook_rule is not None
    name, objective = progress.best_textbook_rule
    assert (name, round(objective, 9)) == ("sum_of_squares", 1.0)


def sent(progress: Progress, generation: int, requests: int) -> float | None:
    """A request of a generation is sent; the share of the budget that is used then."""
    totals = made_up.totals(requests)
    progress.hear(RequestSent(asked=made_up.asked(), totals=totals, generation=generation))
    return progress.share


def test_where_only_generations_limit_a_run_they_are_the_share_that_is_used(progress: Progress) -> None:
    """The initial population is one of five; within one, the requests of the earlier ones say how far it is."""
    progress.hear(made_up.started(budget=Budget(generations=4)))
    assert progress.share is None
    assert [sent(progress, 0, 1), sent(progress, 0, 10)] == [0.0, 0.0]
    assert sent(progress, 1, 11) == pytest.approx(0.2 + 0.2 * 1 / 10)
    assert sent(progress, 1, 15) == pytest.approx(0.2 + 0.2 * 5 / 10)
    assert sent(progress, 2, 21) == pytest.approx(0.4 + 0.2 * 1 / 10)
    assert sent(progress, 4, 100) == pytest.approx(0.8 + 0.2 * 1 / (99 / 4))
    assert sent(progress, 4, 500) == 1.0


def test_another_limit_that_is_nearer_is_the_share_that_is_used(progress: Progress) -> None:
    progress.hear(made_up.started(budget=Budget(generations=4, requests=20)))
    assert sent(progress, 1, 10) == pytest.approx(0.5)


def test_a_resumed_run_goes_on_with_the_generation_that_it_was_in(progress: Progress) -> None:
    progress.hear(replace(made_up.started(budget=Budget(generations=4), done=made_up.totals(30)), generation=3))
    assert progress.share == pytest.approx(0.6)
    assert sent(progress, 3, 35) == pytest.approx(0.6 + 0.2 * 5 / 10)
