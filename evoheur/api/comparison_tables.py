r"""A comparison of runs as a LaTeX table for a paper, and as CSV for other programs.

What is in them is what `evoheur compare` prints of arms: medians with 95 % intervals, and what is shown against the plain loop, (1+1).
"""

import csv
from collections.abc import Iterator, Mapping
from io import StringIO

from evoheur.observers.number_text import Scale, count, one_line
from evoheur.report.control_arms import AgainstControl, ControlVerdict, control_verdict
from evoheur.report.equal_budget import FIGURES, ArmStanding, Cut, EqualBudget, Figure, Sample
from evoheur.report.statistics import LEVEL

__all__ = ["comparison_csv", "comparison_latex", "escaped"]

_HEADINGS: Mapping[Figure, str] = {"train": "train", "validation": "validation", "area": "mean so far"}
_UNITS = {Scale.GAP: r"gap in \%", Scale.RATIO: "times the best textbook rule", Scale.COST: "mean cost"}
_NOUNS = {"calls": "model call", "evaluations": "evaluation"}
_MARKS = {"better": r"$^{\dagger}$", "worse": r"$^{\ddagger}$"}
_ESCAPED = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "[": "{[}",  # behind the end of a row it would begin an argument
    "]": "{]}",
    "*": "{*}",
    '"': r"\textquotedbl{}",
    "≥": r"$\geq$",
    "−": "--",
}
_FORMULA_SIGNS = ("=", "+", "-", "@")
_COLUMNS = (
    "equal",
    "budget",
    "arm",
    "seeds",
    "figure",
    "median",
    "low",
    "high",
    "missing",
    "against_control",
    "difference",
    "p_holm",
)


def escaped(text: str) -> str:
    r"""Foreign words as LaTeX shows them, on one line, whatever signs are in them.

    Example:
        >>> escaped("50%_of $x$ & more")
        '50\\%\\_of \\$x\\$ \\& more'
    """
    return "".join(_ESCAPED.get(char, char) for char in one_line(text))


def comparison_latex(found: EqualBudget) -> str:
    """The arms of a comparison as LaTeX tables, which need the package booktabs.

    One table at equal model calls and one at equal evaluations; the lowest median of a column is bold. Marks say which arms are shown to
    be better or worse than the plain loop, after Holm's correction, in the table and figure that this is tested in.

    Args:
        found: The comparison.
    """
    scale = Scale.of([found.seen[0].baseline.evaluation])
    verdict = control_verdict(found)
    return "\n".join(line for cut in found.cuts for line in [*_table(found, cut, scale, verdict), ""])


def _table(found: EqualBudget, cut: Cut, scale: Scale, verdict: ControlVerdict) -> Iterator[str]:
    budget = count(cut.budget, _NOUNS[cut.axis])
    judged = {each.arm: each for each in verdict.arms} if cut.axis == "calls" else {}
    lowest = {figure: _lowest(cut, figure) for figure in FIGURES}
    yield "% evoheur compare: needs \\usepackage{booktabs}"
    yield r"\begin{table}"
    yield r"\centering"
    yield rf"\caption{{{_caption(found, budget, scale, verdict, with_verdict=cut.axis == 'calls')}}}"
    yield rf"\label{{tab:compare-{cut.axis}}}"
    yield r"\begin{tabular}{lrrrr}"
    yield r"\toprule"
    yield rf"arm & seeds & {' & '.join(_HEADINGS[figure] for figure in FIGURES)} \\"
    yield r"\midrule"
    for standing in cut.arms:
        cells = [_cell(standing, figure, scale, lowest[figure], judged, verdict) for figure in FIGURES]
        yield rf"{escaped(standing.arm.label)} & {_seeds(standing)} & {' & '.join(cells)} \\"
    yield r"\bottomrule"
    yield r"\end{tabular}"
    yield r"\end{table}"


def _caption(found: EqualBudget, budget: str, scale: Scale, verdict: ControlVerdict, *, with_verdict: bool) -> str:
    words = [
        f"{escaped(found.seen[0].run.problem)} at {budget}: {_UNITS[scale]}, median over seeds [95\\,\\% interval]; lower is better."
    ]
    if with_verdict:
        words.append(escaped(verdict.sentence))
        standings = {each.standing for each in verdict.arms}
        marks = [f"{_MARKS[name]}~{name} than (1+1)" for name in ("better", "worse") if name in standings]
        if marks:
            words.append(f"{', '.join(marks)} on {verdict.figure} at the {100 * LEVEL:g}\\,\\% level.")
    return " ".join(words)


def _cell(
    standing: ArmStanding,
    figure: Figure,
    scale: Scale,
    lowest: float | None,
    judged: Mapping[str, AgainstControl],
    verdict: ControlVerdict,
) -> str:
    sample = standing.samples[figure]
    if sample.spread is None:
        return "--"
    median = _number(sample.spread.median, scale)
    words = rf"\textbf{{{median}}}" if sample.spread.median == lowest else median
    if figure == verdict.figure and standing.arm.label in judged:
        words += _MARKS.get(judged[standing.arm.label].standing, "")
    if sample.spread.low is not None and sample.spread.high is not None:
        words += f" [{_number(sample.spread.low, scale)}, {_number(sample.spread.high, scale)}]"
    return words + (f" ({sample.missing} without)" if sample.missing else "")


def _number(value: float, scale: Scale) -> str:
    """A figure without its unit, which the caption has."""
    return scale.text(value).removesuffix(" %").removesuffix(" x").replace("-", "$-$")


def _lowest(cut: Cut, figure: Figure) -> float | None:
    spreads = [standing.samples[figure].spread for standing in cut.arms]
    return min((spread.median for spread in spreads if spread is not None), default=None)


def _seeds(standing: ArmStanding) -> int:
    return len({run.seed for run in standing.arm.runs})


def _text_cell(words: str) -> str:
    """Foreign words as a cell that no spreadsheet takes for a formula.

    Those that begin like one get an apostrophe before them.
    """
    line = one_line(words)
    return f"'{line}" if line.startswith(_FORMULA_SIGNS) else line


def comparison_csv(found: EqualBudget) -> str:
    """The arms of a comparison as CSV: a row for every budget, arm and figure, after one of headings.

    The columns `against_control`, `difference` and `p_holm` are filled where an arm is tested against the plain loop. A name that a
    spreadsheet would take for a formula has an apostrophe before it.

    Args:
        found: The comparison.
    """
    verdict = control_verdict(found)
    judged = {each.arm: each for each in verdict.arms}
    stream = StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for cut in found.cuts:
        for standing in cut.arms:
            for figure in FIGURES:
                tested = judged.get(standing.arm.label) if cut.axis == "calls" and figure == verdict.figure else None
                writer.writerow(_row(cut, standing, figure, tested))
    return stream.getvalue()


def _row(cut: Cut, standing: ArmStanding, figure: Figure, tested: AgainstControl | None) -> list[object]:
    sample: Sample = standing.samples[figure]
    spread = sample.spread
    return [
        cut.axis,
        cut.budget,
        _text_cell(standing.arm.label),
        _seeds(standing),
        figure,
        "" if spread is None else spread.median,
        "" if spread is None or spread.low is None else spread.low,
        "" if spread is None or spread.high is None else spread.high,
        sample.missing,
        "" if tested is None else tested.standing,
        "" if tested is None or tested.difference is None else tested.difference,
        "" if tested is None or tested.p_holm is None else tested.p_holm,
    ]
