"""The tables of a comparison of runs.

Two for each budget, the tests, and what they do not allow one to say.
"""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from evoheur import Evaluation
from evoheur.cli.terminal.output import make_table, say
from evoheur.observers.number_text import Scale, count, one_line
from evoheur.report.control_arms import control_verdict
from evoheur.report.equal_budget import FIGURES, ArmStanding, Cut, EqualBudget, Figure, PairedTest, RunStanding, Sample
from evoheur.report.statistics import LEVEL, least_p, seeds_needed

__all__ = ["print_equal_budget"]

_MOST_TESTS = 10  # pairs of arms by figure; five arms have as many
_LEAST_USEFUL = ("tuned", "same costs", "same code", "tokens", "failures", "calls", "evaluations", "mean so far", "arm", "seed")
_LEVEL = f"{100 * LEVEL:g} %"
_UNITS = {"calls": "model call", "evaluations": "evaluation"}


def print_equal_budget(console: Console, found: EqualBudget) -> None:
    """Print a comparison of runs.

    Everything that a person needs; `--json` has the rest.
    """
    scale = Scale.of([found.seen[0].baseline.evaluation])
    runs, arms = count(len(found.seen), "run"), count(len(found.arms), "arm")
    say(console, f"{found.seen[0].run.problem}: {runs} in {arms}, at the largest budgets that all of them reached", "bold")
    for cut in found.cuts:
        say(console)
        say(console, f"At {count(cut.budget, _UNITS[cut.axis])}", "bold")
        _print_runs(console, cut, scale)
        if len(cut.runs) > len(cut.arms):
            _print_arms(console, cut, scale)
        if cut.tests:
            _print_tests(console, cut, scale)
    say(console)
    if len(found.arms) > 1:
        say(console, control_verdict(found).sentence, "bold")
    for line in _notes(found, scale):
        say(console, line)


def _print_runs(console: Console, cut: Cut, scale: Scale) -> None:
    rows = [_run_cells(standing, cut, scale) for standing in cut.runs]
    columns = list(rows[0])
    table = make_table(console, columns, right=columns[2:], wrap=["run", "arm"], least_useful=_LEAST_USEFUL)
    for index, (standing, row) in enumerate(zip(cut.runs, rows, strict=True)):
        if index and standing.arm != cut.runs[index - 1].arm:
            table.add_section()
        table.add_row(*(Text(one_line(row[column], console.encoding)) for column in columns))
    console.print(table)


def _run_cells(standing: RunStanding, cut: Cut, scale: Scale) -> dict[str, str]:
    moment = standing.moment
    other = ("evaluations", moment.evaluations) if cut.axis == "calls" else ("calls", moment.calls)
    return {
        "run": standing.run.name,
        "arm": standing.arm,
        "seed": str(standing.run.seed),
        f"train {scale.value}": scale.text(moment.best),
        f"validation {scale.value}": _validation(standing.validation, scale),
        "mean so far": scale.text(standing.area),
        other[0]: count(other[1]),
        "failures": count(moment.failures),
        "same code": count(moment.same_code),
        "same costs": count(moment.same_behaviour),
        "tuned": count(moment.tuned),
        "tokens": count(moment.tokens),
    }


def _validation(evaluation: Evaluation | None, scale: Scale) -> str:
    if evaluation is None:
        return "-"
    return evaluation.status.value if evaluation.objective is None else scale.text(evaluation.objective)


def _headings(scale: Scale) -> dict[Figure, str]:
    return {"train": f"train {scale.value}", "validation": f"validation {scale.value}", "area": "mean so far"}


def _print_arms(console: Console, cut: Cut, scale: Scale) -> None:
    headings = _headings(scale)
    figures = [headings[figure] for figure in FIGURES]
    table = make_table(
        console,
        ["arm: median [95 % interval]", "seeds", *figures],
        right=["seeds", *figures],
        wrap=figures,
        least_useful=["seeds"],
    )
    for standing in cut.arms:
        cells = [_spread(standing.samples[figure], scale) for figure in FIGURES]
        table.add_row(Text(one_line(standing.arm.label, console.encoding)), str(_seeds(standing)), *cells)
    console.print(table)


def _seeds(standing: ArmStanding) -> int:
    return len({run.seed for run in standing.arm.runs})


def _spread(sample: Sample, scale: Scale) -> str:
    if sample.spread is None:
        return "-"
    words = scale.text(sample.spread.median)
    if sample.spread.low is not None:
        words += f" [{scale.text(sample.spread.low)}, {scale.text(sample.spread.high)}]"
    return words + (f", {sample.missing} without" if sample.missing else "")


def _print_tests(console: Console, cut: Cut, scale: Scale) -> None:
    figures = ["seeds", "better", "difference", "p", "p (Holm)"]
    table = make_table(console, ["arms", "on", *figures], right=figures, wrap=["arms"], least_useful=["seeds", "p"])
    shown = [test for figure in FIGURES for test in _strongest([each for each in cut.tests if each.figure == figure])]
    for test in shown:
        table.add_row(
            Text(one_line(f"{test.first} − {test.second}", console.encoding)),
            test.figure,
            str(len(test.differences)),
            "{} : {}".format(*test.wins),
            _signed(test.median_difference, scale),
            f"{test.p:.4f}",
            f"{test.p_holm:.4f}" + (" *" if test.p_holm <= LEVEL else "  "),
        )
    console.print(table)
    if len(shown) < len(cut.tests):
        say(console, f"and {count(len(cut.tests) - len(shown), 'more pair')}, none with a smaller p; --json has all.")


def _strongest(tests: Sequence[PairedTest]) -> Sequence[PairedTest]:
    """The tests to show, in the order of the arms.

    All of them if the arms are few; if many, the ones with the smallest p.
    """
    if len(tests) <= _MOST_TESTS:
        return tests
    largest = sorted(test.p for test in tests)[_MOST_TESTS - 1]
    return [test for test in tests if test.p <= largest][:_MOST_TESTS]


def _signed(difference: float, scale: Scale) -> str:
    return f"{difference:+.3f}" if scale is not Scale.COST else f"{difference:+.6g}"


def _notes(found: EqualBudget, scale: Scale) -> Iterator[str]:
    own = scale.text(found.seen[0].baseline.objective)
    yield (
        "Lower is better. Train is the best on train by then, validation the same heuristic on validation, mean so far the mean, over "
        f"every call or evaluation, of the best on train in hand: the problem's own heuristic ({own}) until something better is bred."
    )
    if any(cut.tests for cut in found.cuts):
        yield (
            "Tests compare two arms in pairs over the seeds they share: on how many of them each is better, the median of first minus "
            "second, p of Wilcoxon's signed-rank test, and that p after Holm's correction for the pairs of arms in the table."
        )
    yield from _unfinished(found)
    yield from _missing(found)
    yield from _power(found)


def _unfinished(found: EqualBudget) -> Iterator[str]:
    names = [one.run.name for one in found.seen if one.run.status != "finished"]
    if names:
        yield f"Not finished, so that the budgets may still grow: {', '.join(names)}."


def _missing(found: EqualBudget) -> Iterator[str]:
    none = sorted({standing.run.name for cut in found.cuts for standing in cut.runs if standing.moment.best is None})
    if none:
        yield f"No heuristic that works by then, so left out of medians and tests: {', '.join(none)}."
    if found.unvalidated:
        yield (
            f"{count(len(found.unvalidated), 'heuristic')} (-) not scored on validation, as a run scores only its last best there: "
            "--validate does it."
        )


def _power(found: EqualBudget) -> Iterator[str]:
    if len(found.arms) < 2:
        return
    tests = [test for cut in found.cuts for test in cut.tests]
    if not tests:
        yield "The arms share no seed, so they cannot be tested in pairs."
        return
    pairs = len(found.arms) * (len(found.arms) - 1) // 2
    seeds = max(len(test.differences) for test in tests)
    if seeds < seeds_needed(pairs):
        yield _too_few(seeds, pairs)
    else:
        yield from _shown(tests)


def _too_few(seeds: int, pairs: int) -> str:
    least = least_p(seeds)
    corrected = "" if pairs == 1 else f", {min(1.0, pairs * least):.4g} after Holm's correction for {pairs} pairs of arms"
    return (
        f"With {count(seeds, 'shared seed')} the smallest two-sided p that the test can give is {least:.4g}{corrected}: no difference can "
        f"be shown at the {_LEVEL} level, however large it is. It takes {seeds_needed(pairs)} seeds at least."
    )


def _shown(tests: Sequence[PairedTest]) -> Iterator[str]:
    if any(test.p_holm <= LEVEL for test in tests):
        yield f"* shown at the {_LEVEL} level."
    if any(test.p_holm > LEVEL for test in tests):
        yield "A pair without * is not shown to differ, which does not show that it is equal."
