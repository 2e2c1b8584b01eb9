"""What is no program for the machine is refused with its line."""

import pytest

from evoheur.problems.stepwise_heuristics.step_translation import NotTranslated, translated

REFUSED = {
    "return random.random()": "line 2: the name random",
    "return np.random.rand()": "line 2",
    "print(a)": "line 2: a call of print",
    "yield a": "line 2: an expression of the kind Yield",
    "global N\n    N = 1": "line 2: it changes variables of what is around it",
    "try:\n        return a\n    except ValueError:\n        return 0": "line 2: a statement of the kind Try",
    "with a:\n        return 1": "line 2: a statement of the kind With",
    "return f'{a}'": "line 2: an expression of the kind JoinedStr",
    "return 'text'": "line 2",
    "return g(*a)": "line 2: a call with *",
    "for i in a:\n        pass\n    else:\n        return 1": "line 2: a loop with else",
    "for i, j in enumerate(a):\n        a.remove(j)": "line 3: a changes while a loop goes through it",
    "return a.some_method()": "line 2: the method some_method",
    "return (b := a)": "line 2: an expression of the kind NamedExpr",
    "return np.percentile(a, 50)": "line 2: a call of numpy.percentile",
    "return 2 ** 99999999999999999999 + 99999999999999999999": "too large",
    "del a[0]": "line 2: a statement of the kind Delete",
    "return memo": "line 2: a name of the module that is no number",
    "return unknown": "line 2: the name unknown",
    "return [a[0] for a in a]": "line 2: a variable that hides what is gone through",
    "return {1, 2, 3}": "line 2: an expression of the kind Set",
    "return twice(a)": "line 2: a call of twice",
}
_AFTER = "\n\nimport numpy as np\n\nmemo = {}\n\n\ndef g(a):\n    return a\n\n\n@cache\ndef twice(a):\n    return 2 * a\n"


@pytest.mark.parametrize("body", REFUSED)
def test_refusals_say_where_and_why(body: str) -> None:
    with pytest.raises(NotTranslated) as refusal:
        translated(f"def f(a):\n    {body}{_AFTER}", "f")
    assert REFUSED[body] in str(refusal.value)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("def f(a:\n", "its source cannot be read"),
        ("def g(a):\n    return a\n", "f is no plain function"),
        ("class A:\n    pass\n\n\ndef f(a):\n    return a\n", "line 1: only imports"),
        ("f = 1\n\n\ndef f(a):\n    return a\n", "the name f is given twice"),
        ("from numpy import *\n\n\ndef f(a):\n    return sum(a)\n", "line 1: an import of all names"),
        ("from heapq import merge as sorted\n\n\ndef f(a):\n    return sorted(a)\n", "line 5: a function of heapq"),
        ("def f(a, b=2):\n    return a\n", "line 1: its arguments are not those"),
        ("print(1)\n\n\ndef f(a):\n    return a\n", "line 1: only imports"),
        ("def f(*a):\n    return a\n", "arguments that are not plain"),
    ],
)
def test_modules_that_are_refused(code: str, why: str) -> None:
    with pytest.raises(NotTranslated, match=why.replace("(", r"\(")):
        translated(code, "f")


def test_another_number_of_arguments_than_it_is_asked_with_is_refused() -> None:
    with pytest.raises(NotTranslated, match="line 1: its arguments are not those that it is asked with"):
        translated("def f(a):\n    return a\n", "f", 2)


def test_functions_that_are_not_called_are_no_obstacle() -> None:
    """Nor are imports and names that the heuristic does not use."""
    code = "import random\nfrom typing import Any\n\nmemo = {}\n\n\ndef g():\n    return random.random()\n\n\ndef f(a):\n    return a + 1\n"
    assert len(translated(code, "f").functions) == 1


def test_each_function_is_translated_once() -> None:
    code = "def g(a):\n    return a\n\n\ndef h(a):\n    return g(a) + g(1)\n\n\ndef f(a):\n    return g(a) + h(a) + h(2)\n"
    assert len(translated(code, "f").functions) == 3
