"""Comparisons as LaTeX and CSV hold the figures of the comparison, with every name escaped."""

import csv
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.api.comparison_tables import comparison_csv, comparison_latex, escaped
from evoheur.api.run_comparison import compared
from evoheur.archive.archive import Archive
from evoheur.report.control_arms import control_verdict
from evoheur.report.equal_budget import EqualBudget
from tests.evoheur.archive.support.made_up import candidate, evaluation, new_run, step

NASTY = "a&b_50%{x}"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(f"sqlite:///{tmp_path}/new.db", create=True) as opened:
        yield opened


def compared_in(archive: Archive, seeds: int, *, nasty: str = NASTY, **arms: float) -> EqualBudget:
    """Runs of each strategy, one for every seed; what is bred has its objective, a hundredth of the seed added."""
    runs = []
    for strategy, objective in arms.items():
        for seed in range(1, seeds + 1):
            kind = {"kind": "es"} if strategy == "es" else {"kind": nasty}
            run = new_run(archive, f"{strategy}-{seed}", config={"strategy": kind, "seed": seed}, seed=seed)
            archive.record_baseline(run.id, candidate(0))
            step(archive, run, candidate(1, objective + seed / 100))
            archive.record_evaluation(run.id, 1, evaluation(objective + 1 + seed / 100, split="validation"))
            runs.append(run)
    return compared(archive, runs)


def test_latex_has_medians_intervals_marks_and_the_verdict(archive: Archive) -> None:
    found = compared_in(archive, 6, es=3.0, other=2.0)
    text = comparison_latex(found)
    assert text.count(r"\begin{tabular}{lrrrr}") == text.count(r"\bottomrule") == 2
    [plain, nasty] = [line for line in text.splitlines() if line.endswith(r"\\") and " & 6 & " in line][:2]
    assert plain.startswith("es ")
    assert nasty.startswith(r"a\&b\_50\%\{x\} & 6 & \textbf{2.04} [2.01, 2.05]")
    assert re.search(r"& \\textbf\{3\.0\d\}\$\^\{\\dagger\}\$ \[3\.0\d, 3\.0\d\] &", nasty)  # on validation, where it is tested
    assert "dagger" not in plain
    assert escaped(control_verdict(found).sentence) in text
    assert r"better than (1+1) on validation at the 5\,\% level" in text


def test_without_a_shown_difference_nothing_is_marked(archive: Archive) -> None:
    text = comparison_latex(compared_in(archive, 2, es=3.0, other=2.0))
    assert "dagger" not in text
    assert "2 shared seeds can show no difference" in text


@pytest.mark.parametrize("kind", ["=1+1", "+x", "-2", "@SUM(A1)"])
def test_no_name_in_csv_is_a_formula(archive: Archive, kind: str) -> None:
    """A spreadsheet carries formulas out; numbers stay numbers, negative ones too."""
    found = compared_in(archive, 1, nasty=kind, es=-3.0, other=-2.0)
    rows = list(csv.DictReader(StringIO(comparison_csv(found))))
    assert {row["arm"] for row in rows} == {"es", f"'{kind}"}
    assert "-2.99" in {row["median"] for row in rows}


def test_csv_has_a_row_for_every_budget_arm_and_figure(archive: Archive) -> None:
    found = compared_in(archive, 6, es=3.0, other=2.0)
    rows = list(csv.DictReader(StringIO(comparison_csv(found))))
    assert len(rows) == 2 * 2 * 3
    table = {
        (cut.axis, standing.arm.label, figure): standing.samples[figure].spread
        for cut in found.cuts
        for standing in cut.arms
        for figure in standing.samples
    }
    for row in rows:
        [spread] = [
            each
            for (axis, arm, figure), each in table.items()
            if (axis, arm, figure) == (row["equal"], row["arm"], row["figure"])
        ]
        assert spread is not None
        assert (float(row["median"]), float(row["low"]), float(row["high"])) == (spread.median, spread.low, spread.high)
    tested = [row for row in rows if row["against_control"]]
    assert [(row["arm"], row["figure"], row["against_control"], row["p_holm"]) for row in tested] == [
        (NASTY, "validation", "better", "0.03125")
    ]


@given(st.text(max_size=80))
def test_no_sign_of_latex_gets_through(text: str) -> None:
    """Every special sign stands for itself, so that no name is a command, opens a group or begins a comment."""
    shown = escaped(text)
    assert not re.search(r"(?<!\\)[&%#_]", shown)
    assert "\n" not in shown
    bare = re.sub(r"\\text[a-z]+\{\}|\$\\geq\$|\\[&%$#_{}]|\{[][*]\}", "", shown)
    assert not set(bare) & set("\\{}$&#%_^~")


@pytest.mark.parametrize("name", ["[1cm]", "*", "a[b]"])
def test_a_name_that_begins_like_an_argument_is_none(name: str) -> None:
    """Rows end in two backslashes, which take what stands in brackets, or a star, as theirs."""
    assert not escaped(name).startswith(("[", "*"))
    assert escaped(name).replace("{", "").replace("}", "") == name
