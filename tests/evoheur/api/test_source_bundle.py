"""One source of several modules: it does what they do, and binds nothing that is taken."""

import importlib.util
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evoheur.api.module_statements import NotBundled
from evoheur.api.source_bundle import bundle

MODULES = {
    "__init__": "",
    "numbers": '''
        import math

        SCALE = 3
        """Of everything."""

        _LIMIT = 10  # never more


        # A comment that stays.
        def scaled(value):
            return min(SCALE * value, _LIMIT) + math.floor(0.5)


        def unwanted():
            return missing
        ''',
    "frame": '''
        from . import numbers as counted
        from . import numbers
        from .numbers import scaled

        _LIMIT = 100


        def solve(value):
            """Solve it."""
            return step(scaled(value)) + numbers.SCALE + _LIMIT


        def step(value):
            return solve_other(value) if value < 0 else chosen(value)


        def solve_other(value):
            return -step(-value)


        def parameter(_LIMIT):
            return _LIMIT + solve(1)


        from .heuristic import chosen
        ''',
    "registered": """
        def registering(name):
            return lambda function: name.registered.append(function) or function


        def plain(value):
            return len(plain.registered)


        plain.registered = []


        def unwanted(value):
            return value


        @registering(plain)
        def _first(value):
            return value


        @registering(unwanted)
        def _second(value):
            return value


        def solve(value):
            return plain(value)
        """,
    "heuristic": "def chosen(value):\n    return value\n",
    "renaming": "from .numbers import scaled as other\n\n\ndef solve(value):\n    return other(value)\n",
    "clashing": "from statistics import fmean as np\n\n\ndef solve(value):\n    return np([value])\n",
}
HEURISTIC = "def chosen(value):\n    return 2 * value\n"


@pytest.fixture(autouse=True)
def package(tmp_path: Path) -> Iterator[None]:
    """A package of ours, for as long as a test runs."""
    folder = tmp_path / "evoheur_like"
    folder.mkdir()
    for name, source in MODULES.items():
        (folder / f"{name}.py").write_text(textwrap.dedent(source))
    found = importlib.util.spec_from_file_location(
        "evoheur.likeness", folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert found is not None
    sys.modules["evoheur.likeness"] = importlib.util.module_from_spec(found)
    yield
    for name in [name for name in sys.modules if name.startswith("evoheur.likeness")]:
        del sys.modules[name]


def run(source: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(source, names)
    return names


def of_frame(name: str = "solve", *, beside: str = HEURISTIC) -> tuple[dict[str, Any], str]:
    """What the joint source defines, and what the wanted name is called in it."""
    made = bundle([("evoheur.likeness.frame", name)], given=["chosen"], beside=beside)
    return run(f"{beside}\n{made.source}"), made.names[name]


def test_the_source_does_what_the_modules_do_with_what_is_given() -> None:
    names, solve = of_frame()
    assert solve == "solve"
    assert names["solve"](2) == 2 * 6 + 3 + 100
    assert names["solve"](9) == 2 * 10 + 3 + 100


def test_only_what_is_needed_is_there_with_its_comments() -> None:
    source = bundle([("evoheur.likeness.numbers", "scaled")]).source
    assert "# A comment that stays." in source
    assert '"""Of everything."""' in source
    assert "# never more" in source
    assert "unwanted" not in source
    assert source.startswith("import math\n")


def test_what_is_registered_for_a_name_comes_with_it() -> None:
    """As numba's overloads do; what is registered for others stays away."""
    source = bundle([("evoheur.likeness.registered", "solve")]).source
    assert run(source)["solve"](5) == 1
    assert "_second" not in source


def test_names_of_two_modules_are_kept_apart() -> None:
    names, _ = of_frame()
    assert sorted(value for name, value in names.items() if "LIMIT" in name) == [10, 100]


def test_names_of_the_source_beside_are_left_alone() -> None:
    beside = "SCALE = 7\n\n\ndef step(value):\n    return 0\n\n\ndef solve(value):\n    return 0\n\n\n" + HEURISTIC
    names, solve = of_frame(beside=beside)
    assert solve == "frame_solve"
    assert names[solve](2) == 2 * 6 + 3 + 100
    assert (names["SCALE"], names["step"](5), names["solve"](5)) == (7, 0, 0)


@pytest.mark.parametrize(
    "line", ["from math import *", "sum = 3", "def min(*_): ...", "for len in (1, 2): pass", "import math as round"]
)
def test_a_source_that_hides_what_is_built_in_is_refused(line: str) -> None:
    with pytest.raises(NotBundled, match="built in"):
        of_frame(beside=f"{line}\n{HEURISTIC}")


def test_another_meaning_of_an_import_is_refused_and_the_same_is_shared() -> None:
    with pytest.raises(NotBundled, match="'import math' is needed"):
        of_frame(beside=f"math = None\n{HEURISTIC}")
    with pytest.raises(NotBundled, match="'import math' is needed"):
        of_frame(beside=f"import math\nif math: math = None\n{HEURISTIC}")
    assert of_frame(beside=f"import math\n{HEURISTIC}")[0]["solve"](2) == 115


def test_what_cannot_be_joined_is_named() -> None:
    with pytest.raises(NotBundled, match="binds no 'nothing'"):
        of_frame("nothing")
    with pytest.raises(NotBundled, match="by its own name"):
        bundle([("evoheur.likeness.renaming", "solve")])
    with pytest.raises(NotBundled, match="'_LIMIT' is a parameter"):
        bundle([("evoheur.likeness.frame", "parameter")], given=["chosen"], beside="_LIMIT = 0\n")
    with pytest.raises(NotBundled, match="no module"):
        bundle([("evoheur.likeness.nowhere", "solve")])
    with pytest.raises(NotBundled, match="'np'"):
        bundle([("evoheur.likeness.clashing", "solve")], beside="import numpy as np\n")
