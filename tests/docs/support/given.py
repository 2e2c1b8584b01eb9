"""What a page's commands find in their folder, by the names that `<!-- given: … -->` has for it."""

import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.docs.support.code_blocks import ROOT
from tests.end_to_end.support.runs import evoheur

__all__ = ["GIVEN"]

_ORDERS = "capacity,100\nsize,count\n50,4\n35,6\n20,5\n12,9\n"
_WORDY = '''import math

import numpy as np


def priority(item, bins):
    """Best fit, said in many words."""
    share = bins % 4096.0
    spread = np.sqrt(bins) * 2
    nothing = spread - spread
    if item > 20:
        score = item - share
    else:
        score = item - share
    return np.exp(0.0123 * (3.0 * score + nothing))
'''
_SHORT = ("--set", "budget.evaluations=8", "--set", "budget.requests=40", "--set", "evaluation.executor.slots=1")


def _virtual_environment(folder: Path, _factory: pytest.TempPathFactory) -> None:
    """The commands of this installation, where `make` puts them."""
    (folder / ".venv").mkdir()
    (folder / ".venv" / "bin").symlink_to(Path(sys.executable).parent)


def _makefile(folder: Path, _factory: pytest.TempPathFactory) -> None:
    shutil.copy(ROOT / "Makefile", folder)


def _quickstart(folder: Path, factory: pytest.TempPathFactory) -> None:
    """The run quickstart-1, far shorter than the real one."""
    _copy_run(folder, factory, "quickstart", "run", str(ROOT / "configs" / "quickstart.yaml"), "--quiet", *_SHORT)


def _sweep(folder: Path, factory: pytest.TempPathFactory) -> None:
    """Two strategies with one seed each: quickstart-eoh-1 and quickstart-random-1."""
    short = ("--strategies", "eoh,random", "--seeds", "1", "--set", "validation.top=0", *_SHORT)
    _copy_run(folder, factory, "sweep", "sweep", str(ROOT / "configs" / "quickstart.yaml"), *short)


def _copy_run(folder: Path, factory: pytest.TempPathFactory, name: str, *words: str) -> None:
    """Copy an archive that a command has written, once for all pages."""
    made = factory.getbasetemp() / f"given-{name}"
    if not made.exists():
        made.mkdir()
        done = evoheur(*words, cwd=made)
        assert done.returncode == 0, done.stderr
    shutil.copytree(made / "runs", folder / "runs", dirs_exist_ok=True)


def _file(name: str, text: str) -> Callable[[Path, pytest.TempPathFactory], None]:
    def write(folder: Path, _factory: pytest.TempPathFactory) -> None:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

    return write


GIVEN: Mapping[str, Callable[[Path, pytest.TempPathFactory], None]] = {
    ".venv": _virtual_environment,
    "Makefile": _makefile,
    "quickstart-1": _quickstart,
    "sweep": _sweep,
    "orders.csv": _file("orders.csv", _ORDERS),
    "orders": _file("orders/monday.csv", _ORDERS),
    "others": _file("others/tuesday.csv", _ORDERS.replace("20,5", "21,7")),
    "wordy.py": _file("wordy.py", _WORDY),
    "mine.txt": _file("mine.txt", "3 10 6 5 4\n"),
}
"""Name → what puts it into a folder."""
