"""Figures and foreign words for people."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.archive.records import Totals
from evoheur.observers.number_text import Scale, count, duration, failures, money, one_line, printable, spent, waited
from evoheur.run.waiting_times import WaitingShares
from tests.evoheur.observers.support import made_up


def test_scale_is_that_of_the_first_objective_whatever_its_size() -> None:
    """4 % over a reference of 100 and a mean cost of 4 are one number."""
    gap = made_up.scored(104.0)
    cost = replace(gap, objective_kind="mean_cost")
    assert Scale.of([made_up.failed(), gap, cost]) is Scale.GAP
    assert Scale.of([made_up.failed(), cost, gap]) is Scale.COST


def test_scale_of_nothing_but_failures_claims_no_gap() -> None:
    assert Scale.of([made_up.failed()]) is Scale.of([]) is Scale.COST


@pytest.mark.parametrize(
    ("scale", "objective", "text"),
    [(Scale.GAP, 0.7149, "0.71 %"), (Scale.GAP, None, "-"), (Scale.COST, 2011.25, "2011.25"), (Scale.GAP, -0.5, "-0.50 %")],
)
def test_objective_text(scale: Scale, objective: float | None, text: str) -> None:
    assert scale.text(objective) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-1.0, "0 s"),
        (0.4, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),
        (185.0, "3 min 5 s"),
        (7800.0, "2 h 10 min"),
        (100800.0, "1 d 4 h"),
    ],
)
def test_duration_has_its_two_largest_units(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_counts_and_money() -> None:
    assert [count(1, "call"), count(0, "call"), count(2600, "call"), count(2600)] == ["1 call", "0 calls", "2,600 calls", "2,600"]
    assert [money(0.00123), money(1234.5)] == ["$0.0012", "$1,234.50"]


def test_failures_are_ranked_and_the_rest_is_summed() -> None:
    assert failures({}) == "none"
    assert failures({"timeout": 3, "error": 12, "no-code": 3}) == "error 12, no-code 3, timeout 3"
    assert failures({"a": 5, "b": 4, "c": 2, "d": 1}, most=2) == "a 5, b 4, 3 for 2 other reasons"


def test_spent_names_a_price_only_where_one_is_known() -> None:
    totals = Totals(requests=1, calls=2, evaluations=1, prompt_tokens=1000, completion_tokens=234)
    text = "1 request, 2 calls, 1 evaluation, 0 duplicates, 1,234 tokens (1,000 sent, 234 received)"
    assert spent(totals) == text
    assert spent(Totals(cost_usd=0.0)).endswith(", $0.0000")


def test_spent_names_what_was_cut_short_and_tuned_where_there_was_any() -> None:
    text = spent(Totals(evaluations=20, pruned=3, tunings=1, tuning_evaluations=60))
    assert "20 evaluations (3 cut short)" in text
    assert text.endswith("1 tuning with 60 more evaluations")


def test_escape_sequences_and_direction_marks_do_not_survive() -> None:
    """A model's text could otherwise move the cursor, set the window's title or hide code behind a bidi override."""
    assert printable("a\x1b[2Jb\u202ec\td\n") == "a?[2Jb?c\td\n"
    assert one_line(" two\n\x1b]0;title\x07 lines ") == "two ?]0;title? lines"
    assert printable("gap ≤ 3", "ascii") == "gap ? 3"


@given(st.text(), st.sampled_from(["utf-8", "ascii", "latin-1"]), st.integers(min_value=3, max_value=300))
def test_any_text_becomes_one_line_that_the_terminal_can_encode(text: str, encoding: str, width: int) -> None:
    line = one_line(text, encoding, width=width)
    line.encode(encoding)
    assert len(line) <= width
    assert line.isprintable()


def test_waiting_names_who_waited_for_whom_and_leaves_out_what_did_not() -> None:
    shares = WaitingShares(calls=0.834, for_evaluators=0.163, for_first=0.003, for_outcomes=0.0, evaluators_idle=0.05)
    assert waited(shares) == (
        "83 % of the calls that may be under way were; 16 % waited for evaluators; evaluators waited for the model 5 % of their time"
    )
    idle = replace(shares, for_evaluators=0.0, for_first=0.1, for_outcomes=0.25)
    assert "10 % waited for the next outcome in the order of asking; 25 % waited for the method" in waited(idle)
