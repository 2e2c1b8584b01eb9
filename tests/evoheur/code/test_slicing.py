"""What is kept of the code in a reply, and what is dropped."""

from collections.abc import Callable

import pytest

from tests.evoheur.generation.support.replies import BEST_FIT, UNUSED_IMPORT, WRAPPINGS, same, taken

FULL = '''from __future__ import annotations

import math
import numpy as np
from numpy.typing import NDArray

SCALE = 2.5
TABLE = {}
for size in range(10):
    TABLE[size] = math.sqrt(size)


class Memory:
    """Holds what `weight` last saw."""

    last = 0.0


@staticmethod
def weight(gap):
    # a comment at the margin of the body
    Memory.last = gap
    return SCALE * gap


def priority(item: int, bins: NDArray[np.int64]) -> NDArray[np.float64]:
    """Score bins.

    ```
    an example in a docstring, with a fence
    ```
    """
    gaps = bins - item
    return -weight(gaps) + TABLE.get(item, 0.0)
'''


@pytest.mark.parametrize("wrap", [WRAPPINGS["bare"], WRAPPINGS["no fence, prose around"], WRAPPINGS["python"]])
def test_everything_the_function_uses_is_kept(wrap: Callable[[str], str]) -> None:
    """Imports, constants, a table and the loop that fills it, a class, a decorated helper, and fences inside a docstring survive."""
    assert same(taken(wrap(FULL)).code, FULL)


def test_what_the_function_does_not_use_is_dropped() -> None:
    """Prints, calls, plots, tests, other versions and the imports that only they use are gone."""
    extra = (
        "import matplotlib.pyplot as plt\n"
        + BEST_FIT
        + """
def priority_v0(item, bins):
    return bins

def test_priority():
    assert priority(1, np.ones(3)) is not None

items = np.random.weibull(3, 10**9)
bins = np.array([3, 4])
bins[0] = 7
np.random.seed(1)
if __name__ == "__main__":
    bins = priority(1, bins)
test_priority()
plt.plot(items)
while True:
    pass
"""
    )
    assert same(taken(f"```python\n{extra}```").code, BEST_FIT)


def test_imports_that_nothing_uses_stay() -> None:
    """An import is only dropped with the example that used it; whether it is allowed is the screen's business."""
    assert taken(f"```python\n{UNUSED_IMPORT}```").code == UNUSED_IMPORT
    assert "math" in taken(f"```python\n{UNUSED_IMPORT}print(np.ones(3))\n```").code


def test_layout_stays_when_nothing_is_dropped() -> None:
    """Code that needs no change comes out character by character, comments included."""
    code = "import numpy as np\n# odd   spacing\ndef priority( item,bins ):\n    return  -np.abs(bins) # why\n"
    assert taken(f"```python\n{code}```").code == code


def test_comments_go_with_their_statement() -> None:
    """A comment above a statement stays with it and leaves with it."""
    code = "import numpy as np\n# the rule\ndef priority(item, bins):\n    return -bins\n\n# try it\nprint(priority(1, np.ones(2)))\n"
    assert taken(code).code == "# the rule\ndef priority(item, bins):\n    return -bins\n"


def test_two_statements_on_one_line() -> None:
    """Semicolons do not confuse what is kept."""
    code = "import numpy as np; print('hello')\ndef priority(item, bins): return np.exp(-bins)\n"
    assert same(taken(code).code, "import numpy as np\ndef priority(item, bins): return np.exp(-bins)")


def test_star_import_is_kept_and_trusted() -> None:
    """After `from numpy import *` nobody can say which names are missing, so none is added."""
    code = "from numpy import *\ndef priority(item, bins):\n    return exp(-bins) + math.pi\n"
    assert same(taken(code).code, code)


def test_code_that_looks_names_up_keeps_its_definitions() -> None:
    """With `globals()` in play a helper may be used invisibly."""
    code = "def hidden(b):\n    return -b\ndef priority(item, bins):\n    return globals()['hid' + 'den'](bins)\n"
    assert same(taken(code).code, code)
