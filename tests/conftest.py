"""Fixtures that many tests share."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def scheduling(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Folder of the README's own example problem, so that what newcomers copy is what the tests run."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), flags=re.DOTALL)
    [source] = [block for block in blocks if "class ListScheduling" in block]
    folder = tmp_path_factory.mktemp("problems") / "list_scheduling"
    folder.mkdir()
    (folder / "problem.py").write_text(source)
    return str(folder)
