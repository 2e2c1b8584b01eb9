"""`plot solution`: a figure of what heuristics make of an instance, and what is said beside it."""

import shutil
from pathlib import Path

from evoheur.archive.archive import Archive
from tests.evoheur.cli.conftest import History
from tests.evoheur.cli.support.invoking import evoheur, refusal

RUN = "tiny"


def copied(finished: History, folder: Path) -> str:
    """A copy of the archive that may be written to."""
    shutil.copy(finished.path, folder / "copy.db")
    return f"sqlite:///{folder / 'copy.db'}"


def test_the_best_is_drawn_beside_the_baseline(finished: History, tmp_path: Path) -> None:
    archive, file = copied(finished, tmp_path), tmp_path / "figure.svg"
    run = RUN
    done = evoheur("plot", "solution", f"{run}/best", "--beside", f"{run}/0", "-o", str(file), "--archive", archive)
    assert (done.code, done.out) == (0, ""), done
    assert f"Wrote the figure to {file}." in done.err
    assert file.read_text().startswith("<?xml")


def test_another_price_is_said_and_the_figure_written_all_the_same(finished: History, tmp_path: Path) -> None:
    archive, file = copied(finished, tmp_path), tmp_path / "figure.pdf"
    with Archive.open(archive) as opened:
        opened.keep_solutions(opened.run(RUN).id, 0, "validation", {"validation-1": [0] * 60})
    done = evoheur("plot", "solution", "0", "--run", RUN, "--instance", "validation-1", "-o", str(file), "--archive", archive)
    assert done.code == 0, done
    assert f"{RUN}/0 was scored with" in done.err
    assert file.read_bytes().startswith(b"%PDF")


def test_without_a_file_the_terminal_shows_both_and_show_one(finished: History, tmp_path: Path) -> None:
    """The problem draws nothing, so that its solutions are tables."""
    archive = copied(finished, tmp_path)
    done = evoheur("plot", "solution", f"{RUN}/best", "--beside", f"{RUN}/0", "--archive", archive)
    assert done.code == 0, done
    assert done.out.count(" on validation-0: cost ") == 2
    shown = evoheur("show", f"{RUN}/0", "--solution", "validation-0", "--archive", archive)
    assert f"{RUN}/0 on validation-0: cost " in shown.out
    assert "position" in shown.out
    assert "A drawing is no JSON" in refusal("show", f"{RUN}/0", "--solution", "validation-0", "--json", "--archive", archive)


def test_what_cannot_be_drawn_is_refused_and_nothing_is_written(finished: History, tmp_path: Path) -> None:
    archive, run = finished.url, RUN
    file = tmp_path / "figure.svg"
    there = ("-o", str(file), "--archive", archive)
    assert "There is no instance 'nowhere'" in refusal("plot", "solution", f"{run}/0", "--instance", "nowhere", *there)
    assert "has no textbook rules" in refusal("plot", "solution", f"{run}/0", "--beside", "textbook", *there)
    assert "no width" in refusal("plot", "solution", f"{run}/0", "--width", "wide", *there)
    assert ".pdf, .svg, .png" in refusal("plot", "solution", f"{run}/0", "-o", str(tmp_path / "figure.doc"), "--archive", archive)
    assert not file.exists()
