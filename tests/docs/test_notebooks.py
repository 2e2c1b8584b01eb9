"""The example notebooks: stored without outputs, run from top to bottom, and what their cells show."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.docs.support.code_blocks import ROOT
from tests.end_to_end.support.runs import environment

NOTEBOOKS = ROOT / "docs" / "notebooks"
JUPYTER = sorted(NOTEBOOKS.glob("*.ipynb"))
MARIMO = sorted(NOTEBOOKS.glob("*.py"))

EXECUTE = """
import json, sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], 4)
for longer, shorter in json.loads(sys.argv[3]).items():
    assert any(longer in cell["source"] for cell in notebook["cells"]), longer
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].replace(longer, shorter)
NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
nbformat.write(notebook, sys.argv[2])
"""

pytestmark = pytest.mark.timeout(600)


def done(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A program of Python run in an empty folder, whose kernels are this Python's."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    extra = {"PATH": path, "JUPYTER_PLATFORM_DIRS": "1", "IPYTHONDIR": str(folder / "ipython")}
    found = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env=environment(extra),
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert found.returncode == 0, found.stdout + found.stderr
    return found


def shown(cell: Any) -> str:
    """All HTML and text that a cell shows."""
    texts = []
    for output in cell["outputs"]:
        assert output["output_type"] != "error", output
        data = output.get("data", {"text/plain": output.get("text", "")})
        texts.append("".join(data.get("text/html", data.get("text/plain", ""))))
    return "\n".join(texts)


def test_there_is_one_of_each_kind() -> None:
    assert (len(JUPYTER), len(MARIMO)) == (1, 1)
    page = (ROOT / "docs" / "notebooks.md").read_text(encoding="utf-8")
    assert all(f"notebooks/{file.name}" in page for file in [*JUPYTER, *MARIMO])


@pytest.mark.parametrize("file", JUPYTER, ids=lambda file: file.name)
def test_no_output_is_stored(file: Path) -> None:
    """They would be of another day, and swell every change."""
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert code
    assert [(cell["outputs"], cell["execution_count"]) for cell in code] == [([], None)] * len(code)


@pytest.mark.slow
@pytest.mark.parametrize(
    "budgets",
    [pytest.param((12, 16), id="short"), pytest.param((60, 90), id="as it is", marks=pytest.mark.nightly)],
)
def test_the_jupyter_notebook_shows_runs_results_and_candidates(tmp_path: Path, budgets: tuple[int, int]) -> None:
    """A display that ends with the run, without anybody asking for it; and what is found, with its code."""
    output = tmp_path / "out.ipynb"
    key = '"budget.evaluations": '
    shorter = {f"{key}{stated}": f"{key}{given}" for stated, given in zip((60, 90), budgets, strict=True)}
    done(tmp_path, "-c", EXECUTE, str(JUPYTER[0]), str(output), json.dumps(shorter))
    cells = [cell for cell in json.loads(output.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    first = [output["output_type"] for output in cells[0]["outputs"]]
    assert first == ["display_data", "execute_result"]
    assert f"Run notebook finished: budget of {budgets[0]} evaluations used" in shown(cells[0])
    assert 'role="progressbar" aria-valuenow="100"' in shown(cells[0])
    assert "def priority(" in shown(cells[0])
    assert " % on test, 40 instances" in shown(cells[2])
    assert "<strong>notebook/" in shown(cells[3])
    assert f"({budgets[1]}, " in shown(cells[4])


@pytest.mark.slow
def test_the_marimo_notebook_shows_the_result(tmp_path: Path) -> None:
    """In marimo's own kernel, as `marimo edit` has it."""
    done(tmp_path, "-m", "marimo", "-q", "export", "html", str(MARIMO[0]), "-o", str(tmp_path / "out.html"))
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "finished: budget of 40 evaluations used" in page
    assert "def priority(" in page
    assert "over 40 instances" in page


@pytest.mark.slow
def test_a_cell_of_marimo_shows_how_a_run_goes_on(tmp_path: Path) -> None:
    """Picture after picture while the cell runs; what stays is what the cell shows itself."""
    (tmp_path / "live.py").write_text(
        """
import marimo
app = marimo.App()

@app.cell
def _():
    import marimo as mo
    from evoheur import discover
    pictures, replace = [], mo.output.replace
    mo.output.replace = lambda picture: (pictures.append(picture), replace(picture))
    discover({"problem": "bin_packing_online", "strategy": {"kind": "random"}, "generator": {"kind": "mutator"}},
             {"budget.evaluations": 10, "evaluation.sandbox.kind": "process"})
    last = pictures[-1].text
    mo.md(f"PICTURES {len(pictures) > 1}, {'finished: budget of 10 evaluations used' in last}")
    return

if __name__ == "__main__":
    app.run()
""",
        encoding="utf-8",
    )
    done(tmp_path, "-m", "marimo", "-q", "export", "html", "live.py", "-o", "out.html")
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "PICTURES True, True" in page
