"""A formula by its source alone is one that executing the source would show to be one."""

import ast

import numpy as np
import pytest

from evoheur.problems.flat_heuristics.flat_values import NotFlat
from evoheur.problems.flat_heuristics.written_formula import written_formula

PLAIN = "import numpy as np\ndef score(size, spaces):\n    return size - spaces\n"
SHOWN = (2.0, np.array([1.0, 5.0, 2.5]))


def body(text: str) -> str:
    return f"import numpy as np\ndef score(size, spaces):\n    {text}\n"


@pytest.mark.parametrize(
    "code",
    [
        PLAIN,
        '"""Text."""\nimport numpy as np\nimport math\ndef score(size: float, spaces: np.ndarray) -> "scores":\n    return size - spaces\n',
        "from numpy.typing import NDArray\nimport numpy as np\ndef score(size, spaces: NDArray[np.float64]): return size - spaces",
        "from __future__ import annotations\ndef score(size, spaces: whatever): return size - spaces",
        body("rest: float = spaces - size; return -rest.astype(float)"),
        body("return size - abs(spaces)"),
        body("return size - np.abs(spaces).astype(np.float64)"),
        "import numpy\ndef score(size, spaces): return size - numpy.abs(spaces)",
    ],
)
def test_a_formula_is_read(code: str) -> None:
    """And it computes what the source computes when it is executed."""
    rule = written_formula(ast.parse(code), "score", (False, True))
    namespace: dict[str, object] = {}
    exec(compile(code, "heuristic", "exec", dont_inherit=True), namespace)
    function = namespace["score"]
    assert callable(function)
    assert rule.scores(SHOWN).tolist() == function(*SHOWN).tolist() == [1.0, -3.0, -0.5]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        pytest.param("import scipy\n" + PLAIN, "scipy is imported", id="what may not be there"),
        pytest.param("import numpy.linalg\n" + PLAIN, "numpy.linalg is imported", id="a part of a module"),
        pytest.param("from numpy import *\n" + PLAIN, "is imported", id="everything"),
        pytest.param("from typing import Nothing\n" + PLAIN, "Nothing is imported", id="a name that is not there"),
        pytest.param("from .typing import Any\n" + PLAIN, "Any is imported", id="a relative import"),
        pytest.param("import math as np\n" + PLAIN, "np is imported twice", id="two meanings of a module's name"),
        pytest.param("import math as np\ndef score(size, spaces): return spaces - size", "np is not NumPy", id="another np"),
        pytest.param("import numpy as score\ndef score(size, spaces): return spaces - size", "the name score", id="its own name"),
        pytest.param("import numpy as abs\ndef score(size, spaces): return -spaces", "the name abs", id="a builtin's name"),
        pytest.param(PLAIN + "score = None\n", "something besides", id="a statement beside it"),
        pytest.param(PLAIN + "raise ValueError\n", "something besides", id="what would fail"),
        pytest.param(PLAIN + PLAIN, "something besides", id="two of one name"),
        pytest.param(PLAIN + "def other(): pass\n", "something besides", id="another function"),
        pytest.param("@cache\ndef score(size, spaces): return size - spaces", "no plain function", id="a decorator"),
        pytest.param("async def score(size, spaces): return size - spaces", "something besides", id="a coroutine"),
        pytest.param(PLAIN + "from __future__ import annotations\n", "does not come first", id="a late __future__"),
        pytest.param("def score(size, spaces: missing): return size - spaces", "the annotation missing", id="an annotation"),
        pytest.param("def score(size, spaces) -> 1 / 0: return size - spaces", "the annotation 1 / 0", id="one that fails"),
        pytest.param(
            "import numpy as np\ndef score(size, spaces: np.missing): return -spaces", "np.missing", id="no such type in NumPy"
        ),
        pytest.param("def score(size, size): return size - size", "two arguments", id="arguments of one name"),
        pytest.param("import numpy as np\ndef score(size, np): return size - np", "the name np", id="an argument hides a module"),
        pytest.param(body("np: int = size; return np.abs(spaces)"), "the name np", id="a local name hides a module"),
        pytest.param(body("far = abs(spaces); abs = 1; return far"), "the name abs", id="a builtin that is local"),
        pytest.param(body("float = size; return spaces.astype(float)"), "the name float", id="a type that is local"),
        pytest.param(
            "import numpy\ndef score(size, spaces): return spaces.astype(np.float64)", "the name np", id="a name that is nowhere"
        ),
        pytest.param(body("return spaces[::-1]"), "Subscript", id="no formula"),
        pytest.param(body("return size"), "not a vector", id="a number"),
    ],
)
def test_what_leaves_a_doubt_is_refused(code: str, reason: str) -> None:
    """Most of these would fail, or score otherwise, when they are executed."""
    with pytest.raises(NotFlat, match=reason):
        written_formula(ast.parse(code), "score", (False, True))
