"""`.ci/matrix` says of every Python it was asked for what came of it."""

import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def matrix(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ROOT / ".ci" / "matrix", *words], capture_output=True, text=True, check=False)


def test_a_python_that_is_not_here_is_a_failure() -> None:
    done = matrix("3.99")
    assert (done.returncode, done.stderr) == (1, "")
    assert re.search(r"^3\.99 +NOT HERE", done.stdout, re.MULTILINE)


def test_one_that_was_tested_before_is_not_tested_again() -> None:
    done = matrix("--but", "3.99", "3.99")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"^3\.99 +passed +tested before this$", done.stdout, re.MULTILINE)


def test_every_python_that_is_promised_is_classified() -> None:
    """From the oldest that is required on, without a gap."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    minors = [int(found[1]) for word in project["classifiers"] if (found := re.fullmatch(r".*:: Python :: 3\.(\d+)", word))]
    assert project["requires-python"] == f">=3.{minors[0]}"
    assert minors == list(range(minors[0], minors[0] + len(minors)))
