"""The text of a draft is looked at before anything runs."""

import pytest

from evoheur.api.problem_folder import example_files
from evoheur.drafting.draft import DRAFTED_FILES
from evoheur.drafting.draft_screen import screen_draft


def test_the_worked_example_passes() -> None:
    files = example_files("cover", "./cover")
    assert screen_draft({name: files[name] for name in DRAFTED_FILES}) == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("import os", "line 1 imports 'os'"),
        ("\nimport numpy, socket", "line 2 imports 'socket'"),
        ("from evoheur.api import archives", "imports 'evoheur.api'"),
        ("from .conftest import x", "imports from .conftest"),
        ("from ..secret import x", "imports from ..secret"),
        ("exec('1')", "uses exec"),
        ("print(open)", "uses open"),
        ("().__class__.__subclasses__()", "uses __subclasses__"),
        ("def f(:", "line 1"),
        ("x = '\x00'", "does not parse"),
        ("(" * 500 + ")" * 500, "does not parse"),
    ],
)
def test_what_no_problem_needs_is_refused(source: str, fault: str) -> None:
    [found] = screen_draft({"problem.py": source})
    assert found.startswith("problem.py: ")
    assert fault in found


def test_what_a_problem_needs_passes() -> None:
    source = "from collections.abc import Sequence\nimport numpy as np\nfrom .generate import draw\nfrom evoheur.problem import Problem\n"
    assert screen_draft({"problem.py": source}) == []
