"""The end of a run, word for word. Costs are over a reference of 100, so a cost of 103 is a gap of 3 %."""

import io
import re
import textwrap
from dataclasses import replace

from rich.console import Console

from evoheur.archive.records import CandidateRecord
from evoheur.observers.run_summary import print_summary
from evoheur.run.events import RunStopped
from evoheur.run.run_spending import QualityLevel, RunSpending, SpendingShare
from evoheur.run.spending_forecast import SpendingForecast
from evoheur.textbook_rule import RuleClass, RuleClasses
from tests.evoheur.observers.support import made_up


def printed(stopped: RunStopped, *, width: int = 80) -> str:
    """The summary as plain text."""
    file = io.StringIO()
    print_summary(Console(file=file, width=width), stopped)
    return file.getvalue()


def found(number: int, train: float, validation: float) -> CandidateRecord:
    """A candidate of these costs."""
    return made_up.record(number, made_up.scored(train), made_up.scored(validation, "validation"))


def rows(text: str) -> list[list[str]]:
    """The table's rows as lists of cells, without its head."""
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")][1:]


def test_what_was_spent_is_told_by_model_operator_and_best() -> None:
    """With what the estimate after 20 replies was off by; what a server says of its tokens is told, too."""
    spent = made_up.totals(
        30,
        requests=40,
        prompt_tokens=60_000,
        completion_tokens=40_000,
        cached_tokens=20_000,
        reasoning_tokens=30_000,
        estimated_tokens=500,
        cost_usd=0.6,
    )
    model = SpendingShare(
        name="m-1", requests=40, useful=30, prompt_tokens=60_000, completion_tokens=40_000, cost_usd=0.6, gain=1.25
    )
    operators = [replace(model, name=f"operator {number}", requests=4, useful=3) for number in range(9)]
    levels = [QualityLevel(candidate=n, objective=5.0 - n, requests=n, tokens=1000 * n, cost_usd=None) for n in range(1, 6)]
    estimate = SpendingForecast(
        limit="budget.evaluations=30",
        requests=42,
        prompt_tokens=50_000,
        completion_tokens=30_000,
        reply_tokens=900,
        cost_usd=0.5,
        replies=20,
    )
    stopped = replace(
        made_up.stopped(found(17, 100.5, 100.6), spent=spent),
        spending=RunSpending(operators=operators, models=[model], levels=levels),
        estimate=estimate,
    )
    text = printed(stopped, width=200)
    for line in (
        "100,000 tokens (60,000 sent, 20,000 of them from a cache, 40,000 received, 30,000 of them reasoning; 500 estimated), $0.6000",
        "Estimated after 20 replies: 80,000 tokens, $0.5000; used: 100,000 tokens (+25 %), $0.6000 (+20 %)",
        "  model m-1: 40 requests, 75 % of use, gain 1.25, 100,000 tokens, $0.6000",
        "  operator operator 7: 4 requests, 75 % of use",
        "  … and 1 more; `evoheur spend` lists all",
        "  evoheur spend made-up-1",
        "  bests on train: … 3.00 % after 2,000 tokens, 2.00 % after 3,000 tokens, 1.00 % after 4,000 tokens, 0.00 % after 5,000 tokens",
    ):
        assert line in text, line


def test_finished_run() -> None:
    """17 is best on train (0.5 %) and 23 on validation (0.3 %); both beat the sum of squares (1 %)."""
    spent = made_up.totals(
        100,
        requests=120,
        calls=121,
        duplicates=9,
        failures={"timeout": 2, "error": 9},
        seconds=61.0,
        prompt_tokens=4000,
        cost_usd=2.5,
    )
    text = printed(made_up.stopped(found(17, 100.5, 100.6), found(23, 100.6, 100.3), spent=spent))
    text = text.replace("(made-up-1/17 is best on train and has 0.60 % here)", "(…)")
    assert text == textwrap.dedent(
        """
        Run made-up-1 finished: budget of 100 evaluations used
        Spent 120 requests, 121 calls, 100 evaluations, 9 duplicates, 4,000 tokens (4,000 sent, 0 received), $2.50; 1 min 1 s
        Failures: error 9, timeout 2

        Best heuristic on validation, of the 2 best on train: made-up-1/23 (e2 of 3, 5)
        Prefers the fullest bin.

          def priority(item, bins):
              return -(bins - item)

        +---------------------------+---------------+-----------+----------------+
        | heuristic                 | kind          | train gap | validation gap |
        +---------------------------+---------------+-----------+----------------+
        | made-up-1/23 (e2 of 3, 5) | discovered    |    0.60 % |       0.30 % * |
        | made-up-1/17 (e2 of 3, 5) | discovered    |  0.50 % * |         0.60 % |
        | sum_of_squares            | textbook      |    1.00 % |         1.00 % |
        | made-up-1/0               | problem's own |    4.00 % |         4.00 % |
        | best_fit                  | textbook      |    4.00 % |         4.00 % |
        +---------------------------+---------------+-----------+----------------+
        * lowest of its column; lower is better

        On validation the best discovered heuristic beats the best textbook rule, sum_of_squares: 0.30 % against 1.00 %.
        made-up-1/23 was chosen by validation, of the 2 best on train (…), and looks better there than it is; judge it on test.

        Look further:
          evoheur show made-up-1/23
          evoheur best made-up-1
          evoheur evaluate made-up-1/23 --split test
          evoheur export made-up-1/23 -o heuristic.py
          evoheur failures made-up-1
        """
    )


def test_run_in_which_nothing_succeeded_points_to_its_failures() -> None:
    """And to the budget that ran out."""
    stopped = made_up.stopped(spent=made_up.totals(0, failures={"no-code": 30}, requests=30))
    text = printed(replace(stopped, run=replace(stopped.run, config={**stopped.run.config, "budget": {"requests": 30}})))
    assert "No candidate succeeded, so there is nothing to compare or export." in text
    assert "Failures: no-code 30" in text
    commands = [line.strip() for line in text.partition("Look further:\n")[2].splitlines()]
    assert commands == ["evoheur failures made-up-1", "evoheur resume made-up-1 --set budget.requests=60"]


def test_interrupted_run_is_ordered_by_train_and_offers_to_go_on() -> None:
    """The discovered heuristic has no score on validation yet, so ordering by validation would put it last."""
    best = made_up.record(17, made_up.scored(102.0))
    text = printed(made_up.stopped(best, status="interrupted", reason="interrupted by the user"))
    assert text.splitlines()[1] == "Run made-up-1 interrupted: interrupted by the user"
    assert [row[0] for row in rows(text)] == ["sum_of_squares", "made-up-1/17 (e2 of 3, 5)", "made-up-1/0", "best_fit"]
    assert rows(text)[1][3] == "-"
    assert "was not scored on validation" in text
    assert text.splitlines()[-1] == "  evoheur resume made-up-1"


def test_equal_scores_are_all_marked() -> None:
    """1 % like the sum of squares, on both splits."""
    marked = [row for row in rows(printed(made_up.stopped(found(17, 101.0, 101.0)))) if row[2].endswith("*")]
    assert {row[0] for row in marked} == {"made-up-1/17 (e2 of 3, 5)", "sum_of_squares"}


def test_a_score_that_failed_shows_how() -> None:
    best = made_up.record(17, made_up.scored(100.5), made_up.failed("validation"))
    [row] = [row for row in rows(printed(made_up.stopped(best))) if row[1] == "discovered"]
    assert row[2:] == ["0.50 % *", "timeout"]


def test_costs_without_references_are_plain_numbers_under_their_own_name() -> None:
    best = made_up.record(17, made_up.scored(812.5, reference=None), made_up.scored(820.0, "validation", reference=None))
    rules = {split: {"best_fit": made_up.scored(900.25, split, reference=None)} for split in ("train", "validation")}
    text = printed(made_up.stopped(best, textbook_rules=rules), width=100)
    assert "| train mean cost | validation mean cost |" in text
    assert rows(text)[1][2:] == ["812.5", "820"]
    assert "820 against 900.25" in text


def test_code_cannot_write_to_the_terminal() -> None:
    """A model that knows terminals could hide lines of its code behind escape sequences."""
    code = "def priority(item, bins):\n    return bins  # \x1b[1A\x1b[2K\n"
    text = printed(made_up.stopped(made_up.record(17, made_up.scored(100.5), code=code)))
    assert "  # ?[1A?[2K" in text
    assert "\x1b" not in text


def test_code_keeps_its_lines_whole_off_a_terminal() -> None:
    """Someone may copy it from a log."""
    line = f"    return {' + '.join(['bins'] * 40)}"
    best = made_up.record(17, made_up.scored(100.5), code=f"def priority(item, bins):\n{line}\n")
    assert f"  {line}\n" in printed(made_up.stopped(best))


def test_code_is_highlighted_on_a_terminal() -> None:
    file = io.StringIO()
    best = made_up.record(17, made_up.scored(100.5))
    print_summary(Console(file=file, width=80, force_terminal=True, _environ={"TERM": "xterm-256color"}), made_up.stopped(best))
    assert "\x1b[94" in file.getvalue()


def test_relative_objectives_have_the_plain_gap_beside_them() -> None:
    """The objective is 0.6 of the textbook's gap, which is 1.5 % here."""
    scores = [
        replace(made_up.scored(101.5, split), objective=0.6, objective_kind="textbook_ratio") for split in ("train", "validation")
    ]
    record = made_up.record(17, *scores)
    stopped = replace(made_up.stopped(record, textbook_rules={}), baseline=record)
    text = printed(stopped, width=120)
    assert re.search(r"\| train times textbook \| +validation times textbook \| +validation gap \|", text)
    [row] = [row for row in rows(text) if row[1] == "discovered"]
    assert row[2:] == ["0.600 x *", "0.600 x *", "1.50 %"]


def test_classes_are_a_column_where_rules_differ() -> None:
    """Every row says what its heuristic knows and how much it does."""
    classes = RuleClasses(own=RuleClass("online"), textbook={"sum_of_squares": RuleClass("horizon known")})
    text = printed(replace(made_up.stopped(found(17, 103.0, 103.0)), classes=classes), width=120)
    told = {row[0].split()[0]: row[2] for row in rows(text)}
    assert told == {
        "made-up-1/17": "online, one pass",
        "made-up-1/0": "online, one pass",
        "best_fit": "online, one pass",
        "sum_of_squares": "horizon known, one pass",
    }
