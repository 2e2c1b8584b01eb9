"""Courses of runs, counted by hand."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.archive.archive import Archive
from evoheur.archive.records import Told
from evoheur.candidate import Status
from evoheur.report.curves import Moment, Trace
from evoheur.request import Completion, Failure, Note, RequestKind
from tests.evoheur.archive.support.made_up import candidate, failed
from tests.evoheur.archive.support.story import tell_story
from tests.evoheur.report.support.logs import TUNED, answered, log_of

OWN = candidate(0, 4.0)
PROSE = Failure(stage="parsing", reason="no-code", detail="prose")
LOST = Failure(stage="generation", reason="timeout", detail="60 s", attempts=3)


def trace(*steps: Told) -> Trace:
    return Trace.of(log_of(steps), OWN)


EVENTFUL = trace(
    answered(candidate(1, failed())),  # 1 call, 1 evaluation
    answered(Note(text="a hint")),  # 2 calls
    answered(candidate(2, 6.0)),  # 3 calls, 2 evaluations: the first success, worse than the problem's own
    answered(LOST, reply=None),  # 4 calls
    answered(PROSE),  # 5 calls
    answered(candidate(3, 3.0)),  # 6 calls, 3 evaluations
    answered(candidate(4, 2.0), TUNED, "tune", RequestKind.TUNING_BESIDE),  # nothing, but the best from here on
    answered(candidate(5, failed(Status.REJECTED))),  # 7 calls
    answered(candidate(6, 3.0)),  # 8 calls, 4 evaluations: as candidate 3 behaves
    answered(candidate(7, 3.0, duplicate_of=6)),  # 9 calls
    answered(candidate(8, 1.0), TUNED, "harmony", RequestKind.TUNING),  # 4 + 40 + 1 evaluations
    answered(candidate(9, failed(Status.PRUNED))),  # 10 calls, 46 evaluations
)


def test_everything_is_counted_as_it_is_told() -> None:
    assert EVENTFUL.moments[-1] == Moment(
        calls=10,
        evaluations=46,
        best=1.0,
        candidate=8,
        failures=4,  # 1, the lost, the prose, 5
        pruned=1,
        same_code=1,
        same_behaviour=1,
        tuned=1,
        tokens=9 * 120,  # nine replies of a model
    )


def test_a_request_for_another_tuning_that_came_to_nothing_is_no_failure_of_the_search() -> None:
    found = trace(
        answered(candidate(1, failed()), TUNED, "tune", RequestKind.TUNING_BESIDE),
        answered(PROSE, TUNED, "tune", RequestKind.TUNING_BESIDE),
    ).moments[-1]
    assert found == Moment(tuned=1)


@pytest.mark.parametrize(
    ("calls", "best", "tuned"),
    [(0, None, 0), (1, None, 0), (2, None, 0), (3, 6.0, 0), (5, 6.0, 0), (6, 2.0, 1), (9, 1.0, 1), (10, 1.0, 1), (99, 1.0, 1)],
)
def test_what_comes_before_the_next_call_is_had_with_the_last(calls: int, best: float | None, tuned: int) -> None:
    moment = EVENTFUL.at("calls", calls)
    assert (moment.best, moment.tuned) == (best, tuned)


@pytest.mark.parametrize(("evaluations", "best"), [(0, None), (1, None), (2, 6.0), (3, 2.0), (4, 2.0), (44, 2.0), (45, 1.0)])
def test_a_tuning_is_had_when_all_of_its_evaluations_are_paid_for(evaluations: int, best: float | None) -> None:
    assert EVENTFUL.at("evaluations", evaluations).best == best


def test_the_area_is_the_mean_of_what_was_in_hand() -> None:
    """The problem's own heuristic, 4, until something better is bred: after 6 calls 2 (3 and then tuned), after 9 calls 1."""
    assert EVENTFUL.area("calls", 5) == 4.0
    assert EVENTFUL.area("calls", 10) == pytest.approx((5 * 4.0 + 3 * 2.0 + 2 * 1.0) / 10)
    assert EVENTFUL.area("evaluations", 46) == pytest.approx((2 * 4.0 + 42 * 2.0 + 2 * 1.0) / 46)
    assert EVENTFUL.area("calls", 0) is None


def test_improvements_are_the_steps_of_the_curve() -> None:
    found = [(moment.calls, moment.evaluations, moment.candidate) for moment in EVENTFUL.improvements]
    assert found == [(3, 2, 2), (6, 3, 3), (6, 3, 4), (9, 45, 8)]


def test_behaving_as_the_problems_own_heuristic_is_nothing_new() -> None:
    assert trace(answered(candidate(1, 4.0))).moments[-1].same_behaviour == 1


@given(st.lists(st.none() | st.floats(-50, 50, allow_nan=False), min_size=1, max_size=30))
def test_areas_shrink_with_every_call_and_stay_between_own_and_best(objectives: list[float | None]) -> None:
    """Whatever is bred: means of a falling curve fall."""
    steps = [answered(PROSE if one is None else candidate(number, one)) for number, one in enumerate(objectives, start=1)]
    course = trace(*steps)
    areas = [course.area("calls", budget) for budget in range(1, len(steps) + 1)]
    fell = [area for area in areas if area is not None]
    assert len(fell) == len(steps)
    assert all(later <= earlier + 1e-9 for earlier, later in pairwise(fell))
    least = min([OWN.objective or 0.0, *(one for one in objectives if one is not None)])
    assert least - 1e-9 <= fell[-1] <= 4.0 + 1e-9


def test_a_whole_run_counts_as_its_totals_do(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Beside what the database counts, on a run with one of everything."""
    with Archive.open(f"sqlite:///{tmp_path_factory.mktemp('story')}/e.db", create=True) as archive:
        log = tell_story(archive)
        run = archive.runs()[0]
        baseline = archive.baseline(run.id)
        assert baseline is not None
        stored = archive.log(run.id)
        totals = archive.totals(run.id)
    assert len(stored) == len(log)
    last = Trace.of(stored, baseline).moments[-1]
    assert last.best == totals.best_objective
    assert last.evaluations == totals.evaluations
    assert last.failures == sum(totals.failures.values())
    assert (last.pruned, last.same_code, last.tuned) == (totals.pruned, totals.duplicates, 1)
    assert last.calls == totals.requests - totals.pending - 1, "a warm start is a request and no call"


def test_a_reply_that_took_several_calls_is_one() -> None:
    stubborn = Completion(text="…", model="made-up", attempts=3)
    assert trace(answered(candidate(1), stubborn)).moments[-1].calls == 1
