"""What is compiled and what is not, with the reason that a person is told."""

import numpy as np
import pytest

from tests.evoheur.evaluation.tiers.running import defined, in_both_tiers, tiered

A, W, B = np.random.default_rng(1).random(7), np.arange(7) - 2, np.random.default_rng(2).random((7, 7))
LOOP = "for i in range(len(a)):\n        "

COMPILED = {
    "first of equals": "best, top = a[0], -1.0\n    for x in a:\n        if x > top: best, top = x, x\n    return best",
    "fill a result": f"out = np.zeros(len(a))\n    {LOOP}out[i] = a[i] * w[i]\n    return out",
    "whole result": f"out = np.zeros_like(w)\n    {LOOP}out[i] += w[i] // 3\n    return out",
    "mask": f"out = np.zeros(len(a), dtype=bool)\n    {LOOP}out[i] = a[i] > 0.5\n    return out",
    "matrix": f"out = np.full((len(a), 2), 3.0)\n    {LOOP}out[i, 1] = b[i, i]\n    return out",
    "copy and change": f"out = a.copy()\n    {LOOP}out[-i] *= 2\n    return out",
    "rows": "total = 0\n    for row in b:\n        total += row[0]\n    return float(total)",
    "powers": f"total = 0.0\n    {LOOP}total += a[i] ** 2 + abs(a[i]) ** 0.5\n    return float(total)",
    "sum that starts as an integer": f"total = 0\n    {LOOP}total += a[i]\n    return float(total)",
    "early return": f"{LOOP}if a[i] > 0.9: return int(w[i])\n    return 0",
    "None until found": "best = None\n    for j in w:\n        if best is None or a[j] < a[best]: best = j\n    return best",
    "while": "k = 0\n    while k < 5 and a[k] < 2.0: k += 1\n    return k",
    "slices": "out = np.ones(3)\n    for x in a[2:5]:\n        out[0] += x - a[:3].min()\n    return out",
    "smallest of a row": f"k = 0\n    {LOOP}k += np.argmin(b[i]) - b[i, :].argmax()\n    return int(k)",
    "mathematics": f"t = 0.0\n    {LOOP}t += math.exp(-a[i]) + math.log(3 + a[i]) + math.atan2(a[i], 2)\n    return float(t)",
    "a constant of the module": f"t = 0.0\n    {LOOP}t += WEIGHT * a[i]\n    return float(t)",
    "chained comparison": f"n = 0\n    {LOOP}n += 1 if 0.2 < a[i] <= 0.8 else 0\n    return n",
    "zip and enumerate": "t = 0.0\n    for i, x in enumerate(a): t += x * i\n    for x, j in zip(a, w): t -= x * j\n    return float(t)",
}

REFUSED = {
    "sum": ("t = np.sum(a)", "calls np.sum, whose last bit may differ"),
    "mean": ("t = a.mean()", "calls .mean()"),
    "exp of numpy": ("t = np.exp(a[i])", "calls np.exp, whose last bit may differ"),
    "dot": ("t = np.dot(a, a)", "calls np.dot, whose last bit may differ"),
    "a whole array": ("t = a * 2", "a is not surely a number"),
    "random": ("t = np.random.random()", "calls .random()"),
    "list": ("t = [1, 2]", "List is not compiled"),
    "dict": ("t = {1: 2}", "Dict is not compiled"),
    "set": ("t = {1, 2}", "Set is not compiled"),
    "string": ("t = 'x'", "the constant 'x'"),
    "comprehension": ("t = [x for x in a]", "ListComp is not compiled"),
    "lambda": ("t = lambda x: x", "Lambda is not compiled"),
    "own function": ("t = g(a)", "calls g"),
    "round": ("t = round(a[i])", "calls round"),
    "changes an argument": ("a[i] = 0.0", "changes a, an array that it was given"),
    "changes a view of one": ("c = b[i]\n        c[0] = 1.0", "changes c, an array that it was given"),
    "uninitialised": ("t = np.empty(3)", "calls np.empty, whose content is undefined"),
    "try": ("try: pass\n        except ValueError: pass", "Try is not compiled"),
    "print": ("print(a)", "as a statement"),
    "delete": ("del a", "Delete is not compiled"),
    "assert": ("assert len(a)", "Assert is not compiled"),
    "floor division of floats": ("t = a[i] // 2", "FloorDiv of floats"),
    "remainder of floats": ("t = a[i] % 2", "Mod of floats"),
    "integer power": ("t = w[i] ** i", "Pow of integers"),
    "matrix product": ("t = b @ b", "is not surely a number"),
    "bits": ("t = i & 1", "BitAnd of integers"),
    "number or truth": ("t = a[i] > 1\n        t = 2", "True or False here and a number there"),
    "float or array": ("t = a[i]\n        t = a", "things of different kinds"),
    "float in an array of integers": (
        "t = np.zeros(3, dtype=int)\n        t[0] = 1.5",
        "something else than int in an array of int",
    ),
    "product of integer or float": ("t = 0 if i else 0.5\n        t = t * i", "a product of what may be an integer or a float"),
    "negative integer or float": ("t = 0 if i else 0.5\n        t = -t", "what may be an integer or a float"),
    "fancy index": ("t = a[w]", "w is not surely a number"),
    "too many indices": ("t = a[0, 1]", "too many indices"),
    "unset": ("t = u\n        u = 1.0", "u may have no value yet"),
    "set in a loop": ("for q in a: pass\n        t = q", "q may have no value yet"),
    "huge constant": ("t = 9223372036854775808", "the constant 9223372036854775808"),
    "membership": ("t = i in a", "a comparison of something else than numbers"),
    "else of a loop": ("for q in a: pass\n        else: pass", "an else of a loop"),
    "method of an array": ("t = a.tolist()", "calls .tolist()"),
    "unknown": ("t = what", "what is no variable that is known here"),
    "keyword": ("t = max(a[i], 1.0, key=abs)", "with such arguments"),
    "walrus": ("t = (u := 1)", "NamedExpr is not compiled"),
}

ANSWERS = {
    "an argument": ("return a", "returns an array that it was given"),
    "truth": ("return w[0] > 1", "returns what is neither surely an integer, a float nor an array"),
    "two origins": ("return a[0] if w[0] else 0.5", "returns a number of Python's or of NumPy's"),
    "tuple": ("return 1, 2", "Tuple is not compiled"),
    "nothing": ("return", "a return of nothing"),
    "no return": ("pass", "no return of a value"),
}

MODULES = {
    "global": ("def f(a, w, b):\n    global C\n    for x in a: C = x\n    return 1", "line 4: global"),
    "decorator": ("def g(h): return h\n@g\ndef f(a, w, b):\n    for x in a: pass\n    return 1", "is not plainly defined once"),
    "default": ("def f(a, w, b, k=1):\n    for x in a: pass\n    return 1", "has a decorator, defaults"),
    "twice": ("def f(): pass\ndef f(a, w, b):\n    for x in a: pass\n    return 1", "is not plainly defined once"),
    "code outside": ("for q in range(3): pass\ndef f(a, w, b):\n    for x in a: pass\n    return 1", "For outside of functions"),
    "meddling": ("def f(a, w, b):\n    for x in a: pass\n    return 1\ndef g(): np.seterr(all='raise')", "line 6: seterr"),
    "patching": (
        "def f(a, w, b):\n    for x in a: pass\n    return 1\ndef g(): math.sqrt = abs",
        "assigns to the attribute sqrt",
    ),
    "import inside": ("def f(a, w, b):\n    import os\n    for x in a: pass\n    return 1", "Import is not compiled"),
    "another sqrt": (
        "def sqrt(x): return 1.0\ndef f(a, w, b):\n    t = 0.0\n    for x in a: t += sqrt(x)\n    return t",
        "calls sqrt",
    ),
}


def _source(body: str) -> str:
    return f"import math\nimport numpy as np\nWEIGHT = 0.3\ndef g(x): return x\ndef f(a, w, b):\n    {body}\n"


@pytest.mark.parametrize("name", COMPILED)
def test_compiled_to_the_same_bits(name: str) -> None:
    frozen = B.copy()
    frozen.flags.writeable = False
    with np.errstate(all="ignore"):
        function = in_both_tiers(_source(COMPILED[name]), [(A, W, frozen), (A[::-1].copy() - 0.5, np.abs(W), frozen)])
        assert function.because == "its loops took longer than compiling them"
        assert function._redone == 0


def _reason(code: str) -> str:
    function, plain = tiered(code), defined(code)
    for _ in range(2):
        try:
            expected = plain(A.copy(), W.copy(), B.copy())
        except (TypeError, ValueError, NameError, IndexError) as error:
            with pytest.raises(type(error)):
                function(A.copy(), W.copy(), B.copy())
            function._compile((A, W, B))  # what raises is never compiled; the reason is asked for all the same
        else:
            assert str(function(A.copy(), W.copy(), B.copy())) == str(expected)
    assert not function.compiled
    return function.because


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    body, reason = REFUSED[name]
    told = _reason(_source(f"{LOOP}{body}\n    return 1"))
    assert reason in told
    assert told.startswith("line ")


@pytest.mark.parametrize("name", ANSWERS)
def test_answers_that_are_refused(name: str) -> None:
    body, reason = ANSWERS[name]
    assert reason in _reason(_source(f"{LOOP}pass\n    {body}"))


@pytest.mark.parametrize("name", MODULES)
def test_sources_that_are_refused(name: str) -> None:
    code, reason = MODULES[name]
    assert reason in _reason(f"import math\nimport numpy as np\n{code}\n")
