"""`plot`: figures of a real run as files, and what it says to wrong requests."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.evoheur.cli.conftest import History
from tests.evoheur.cli.support.invoking import evoheur, refusal

BEGINNINGS = {"pdf": b"%PDF-", "svg": b"<?xml", "png": b"\x89PNG"}


@pytest.mark.parametrize(
    "words",
    [
        ("curve", "tiny", "-o", "figure.pdf"),
        ("curve", "tiny", "-o", "figure.svg", "--over", "time", "--width", "page", "--points", "3"),
        ("curve", "tiny", "-o", "figure.png", "--over", "evaluations", "--textbook"),
        ("lineage", "tiny", "-o", "figure.svg", "--most", "5"),
        ("matrix", "tiny", "-o", "figure.pdf", "--split", "train", "--textbook", "--width", "5.5"),
        ("compare", "tiny", "-o", "figure.png", "--over", "evaluations", "--no-controls"),
    ],
    ids=" ".join,
)
def test_every_kind_of_figure_is_written_as_its_suffix_says(words: tuple[str, ...], finished: History) -> None:
    done = evoheur("plot", *words, "--archive", finished.url)
    assert done.code == 0, done
    [name] = [word for word in words if word.startswith("figure.")]
    assert f"Wrote the figure to {name}." in done.err
    assert done.out == ""
    assert Path(name).read_bytes().startswith(BEGINNINGS[name.partition(".")[2]])


def test_wrong_requests_are_refused_before_any_work() -> None:
    """No archive is there, so what is refused was not looked for."""
    assert "end it in .pdf, .svg, .png" in refusal("plot", "curve", "tiny", "-o", "figure.gif")
    assert "There is no folder 'none'" in refusal("plot", "lineage", "tiny", "-o", "none/figure.pdf")
    assert "'wide' is no width of a figure" in refusal("plot", "matrix", "tiny", "-o", "figure.pdf", "--width", "wide")
    assert not Path("figure.pdf").exists()


@pytest.mark.parametrize("words", [("plot", "curve", "tiny", "-o", "a.pdf"), ("report", "tiny", "-o", "a.html")], ids=" ".join)
def test_without_the_extra_one_sentence_says_what_to_install(words: tuple[str, ...]) -> None:
    """In a process that has no matplotlib."""
    program = f"import sys; sys.modules['matplotlib'] = None; from evoheur.cli.main import run; sys.exit(run({words!r}))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 2, done
    assert done.stderr == "error: Figures need the package matplotlib; install it with: pip install 'evoheur[plots]'\n"
