"""Expressions and short programs have the values in the machine that they have in Python, in kind, order and every bit."""

import numpy as np
import pytest

from evoheur.problems.stepwise_heuristics.memory import COMPILED

from .support.both_ways import GAVE_UP, alike, by_machine, by_python

pytestmark = pytest.mark.nightly  # the machine takes half a minute to compile

_RNG = np.random.default_rng(4)
_PLACES = _RNG.random((12, 2))
MATRIX = np.sqrt(((_PLACES[:, None] - _PLACES[None]) ** 2).sum(axis=-1))
MATRIX.flags.writeable = False
VECTOR = np.array([1, 2, 4, 5, 7, 8, 11])

ANSWERED = """
k + 2 * k - k // 2 % 3
(-7) // 2, (-7) % 3, 7 // -2, 7 % -3, k ** 3, 2 ** k
k / 2, k / v[0], v[0] / k, x / k, x ** 2, x ** 0.5, m[0, 1] ** 2, m[0, 1] ** k, m[0, 1] ** -1
-k, +x, abs(-k), abs(-x), not k, not 0, abs(-m[0, 1])
k < 4 < 5, k < 2 < x, k == 3.0, v[0] == 1, m[0, 1] >= 0.5, k != 4, None is None, v is None, v is not None
True + True, True & False, True | False, k > 1 and x, k > 5 or x, x if k else v
int(2.9), int(-2.9), float(k), bool(x), float('inf'), float("-inf"), int(m[0, 1] * 10)
min(k, 2, x), max(3, v[1]), min(v), max(m[0]), min([x, k]), min([], default=7), max((1, 5, 2))
sum(v), sum([x, x, k]), sum(m[0]), sum(m[0][j] for j in v), sum([1, 2], 10)
len(v), len(m), len([1, 2]), v.size, v.shape, m.shape, m.shape[0], len({1: 2}), len(set(v))
list(range(5)), list(range(k, 10, 2)), list(range(5, 0, -1)), range(k), tuple(range(2)), len(range(3, 3))
v[0], v[-1], v[1:3], v[::-1], v[:k], v[k:], v[::2], v[-3:], m[1][2], m[1, -1], m[:, 2], m[2, :], m[1], m[1:3]
v[v > 4], v[[0, 2]], m[0, v], m[v, 0], m[v][:, v], m[np.ix_(v, v)], m[v, v], m[0][v], m[0][v > 3][:2] if False else v[v != 4]
v + 1, v * x, v - v, v / 2, x / v, 2 - v, v ** 2, m[0] ** 2, m[0] ** 0.5, m[0] ** 1.7, m[0] + v[0], v // 2, v % 3
-v, -m[0], abs(v), np.abs(-m[0]), np.abs(-k), np.sqrt(m[0]), np.sqrt(x), np.square(v[:2] * 1.0), np.sign(m[0] - 0.5)
np.exp(-m[0]), np.exp(x), np.exp(k), np.log(m[0] + 1), np.log1p(x), np.tanh(m[0]), np.sin(x), np.cos(m[1]), np.arctan(x)
np.floor(m[0] * 5), np.ceil(x), np.isnan(x), np.isinf(m[0]), np.isfinite(m[0]), math.sqrt(x), math.exp(x), math.log(x)
math.floor(2.7), math.ceil(x), math.fabs(-x), math.pi, np.pi, math.inf, np.inf, math.isinf(x), math.isnan(m[0, 1])
v == 4, v < k, m[0] > x, (v > 2) & (v < 8), ~(v > 2), (v > 2) | (v == 1), 4 in v, 3 in v, 4 not in v, v[0] in [1, 2], 5 in (1, 5)
np.sum(v), np.mean(v), np.std(v), np.min(v), np.max(v), np.argmin(m[0]), np.argmax(m[0]), np.median(m[0]), np.var(m[0])
m[0].sum(), m[0].mean(), m[0].std(), v.min(), v.max(), v.argmin(), m[0, v].argmax(), (v > 3).any(), (v > 3).all(), (v > 3).sum()
np.sum(m), np.mean(m), m.mean(axis=1), m.sum(axis=0), m.min(axis=1), m.max(axis=0), np.argmin(m, axis=1), np.mean(m[v][:, v])
np.any(v > 3), np.all(v > 3), np.count_nonzero(v > 3), np.count_nonzero(m[0]), np.mean([x, k]), np.sum([x, 2.5]), np.max([1, 5])
np.mean(v > 3), np.sum(v == 4), np.mean([v[0], v[1]]), np.min([m[0, 1], m[0, 2]]), np.std([1, 2, 4])
np.array([1, 2]), np.array([x, 1]), np.zeros(3), np.ones(2), np.full(2, x), np.zeros(2, dtype=int), np.ones(2, dtype=bool)
np.arange(4), np.arange(1, 7, 2), np.zeros((2, 3)), np.zeros_like(m[0]), np.array(v), np.asarray(m[0]), v.copy()
v.astype(float), m[0].copy()
np.where(v > 3, v, 0), np.where(v > 3, m[0, v], x), np.where(v > 3), np.where(v == 4)[0][0], np.nonzero(v > 4), np.flatnonzero(v > 4)
np.argsort(m[0, v]), np.sort(m[0]), np.argsort(v % 2, kind='stable'), v.argsort(), np.unique(v % 3), np.isin(v, [1, 4])
np.setdiff1d(v, [4, 7]), np.delete(v, 2), np.delete(v, [0, 1]), np.delete(v, np.where(v == 5)), np.concatenate([v, v])
np.maximum(m[0], x), np.isin(v, v[:2])
np.minimum(k, 5), np.maximum(v, 4), np.add(x, k)
np.divide(v, 2), np.logical_and(v > 2, v < 8), v.tolist(), m[0].tolist()
np.concatenate((v[:2], v[3:])), np.float64(k), np.int64(k)
sorted(v, reverse=True), sorted([3, 1, 2]), sorted(v, key=lambda j: m[0][j]), sorted([(2, 1), (1, 5), (1, 2)]), sorted({5, 3, k})
min(v, key=lambda j: m[3][j]), max(v, key=lambda j: (m[3][j], j)), min({1: 2.0, 4: 1.0}, key={1: 2.0, 4: 1.0}.get)
[j for j in v if j > 2], [m[i][j] for i in v for j in v if i < j][:3], {j for j in v}, {j: m[0][j] for j in v}
[(i, j) for i, j in enumerate(v)], [[i] for i in v]
set(v), {1, 2, k} - {2}, {1, 2} | {5}, {1, 2, k} & {3, 1}, set(v) - {4}, set(), set([30, 1, 9]), {v[2], 4}
list({7: 1, 3: 2}), list({7: 1, 3: 2}.values()), list({7: 1, 3: 2}.items()), {7: 1}.get(7), {7: 1}.get(8, x), {7: 1}.get(8), 7 in {7: 1}
any(j > 10 for j in v), all(j > 0 for j in v), any([]), all([0, 1]), any(v > 10 for v in [1, 11])
[1] + [2, 3], (1,) + (x,), [0] * 4, [1, 2, 1].count(1), [4, 5].index(5), list(zip(v, m[0])), list(reversed([1, 2, 3])), tuple(v)
[[1, 2], [3]][0][1], (1, (2, x))[1][1], [1, 2, 3][-1], [1, 2, 3][1:], (1, 2, 3)[:2], [1, 2, 3][::-1]
max(j for j in v), min(m[0][j] for j in v if j != 4), sum(1 for j in v if j > 4), sum(j * j for j in range(k))
{(1, 2): 3.0}[(1, 2)], {(1, 2): 3.0}.get((2, 1), 0), 1e300 * 1e10 if False else 1e-300, 2 ** 61, -3 ** 2, 1 - 0.0
v.sum() / len(v), v.mean() * k, (m[0, v] - m[0, v].min()) / (m[0, v].max() - m[0, v].min() + 1e-9)
k / np.inf, v[0] / 0.0, m[0, 1] / m[1, 1]
"""

LEFT_TO_PYTHON = {
    "k / 0": "ZeroDivisionError",
    "x / 0": "ZeroDivisionError",
    "k % 0": "ZeroDivisionError",
    "v[20]": "IndexError",
    "[1][k]": "IndexError",
    "m[0, 99]": "IndexError",
    "{1: 2}[k]": "KeyError",
    "min([])": "ValueError",
    "min(j for j in v if j > 99)": "ValueError",
    "np.argmin(v[:0])": "ValueError",
    "[1].index(k)": "ValueError",
    "math.sqrt(-x)": "ValueError",
    "(-x) ** 0.5": "complex",
    "10.0 ** 400": "OverflowError",
    "2 ** 62 * 4": "an int beyond 64 bits",
    "v * 2 ** 62": "overflow",
    "0.0 ** -1": "ZeroDivisionError",
    "v + m[0]": "shapes",
    "bool(v)": "ambiguous",
    "1 if v > 3 else 2": "ambiguous",
    "undefined_later": "NameError",
    "k + None": "TypeError",
    "[1] < 2": "TypeError",
    "np.argsort(v % 2)": "an order of equals that NumPy leaves open",
    "sorted([x, float('inf') - float('inf')])": "NaN",
    "set([-1, 5])": "hashes of negative numbers",
    "np.mean([])": "NaN with a warning",
}


def program(expression: str) -> str:
    return f"import math\nimport numpy as np\ndef f(v, m, x, k):\n    if k > 99:\n        undefined_later = 1\n    return {expression}\n"


def _expressions() -> list[str]:
    return [line for line in ANSWERED.strip().splitlines() if line]


@pytest.mark.skipif(not COMPILED, reason="NumPy's loops are called from compiled code only")
@pytest.mark.parametrize("expression", _expressions())
def test_expressions_have_the_same_values(expression: str) -> None:
    """A line is a tuple of values."""
    code = program(f"({expression},)")
    expected = by_python(code, VECTOR, MATRIX, 0.75)
    assert alike(expected, by_machine(code, VECTOR, MATRIX, 0.75)), (expected, by_machine(code, VECTOR, MATRIX, 0.75))


@pytest.mark.skipif(not COMPILED, reason="compiled arithmetic raises nothing, Python's does")
@pytest.mark.parametrize("expression", LEFT_TO_PYTHON)
def test_what_python_raises_or_leaves_open_is_left_to_it(expression: str) -> None:
    """Also where Python's whole numbers outgrow 64 bits."""
    assert by_machine(program(expression), VECTOR, MATRIX, 0.75) == GAVE_UP


PROGRAMS = {
    "lists grow and shrink": """
    made = []
    for j in range(40):
        made.append(j * x)
        if j % 7 == 0:
            made.pop(0)
        if j % 11 == 0:
            made.extend([j, k])
    made.remove(k)
    made[3] = None
    made[-1] += 2
    return made, len(made), made.pop()
""",
    "two names of one list": """
    a = [1]
    b = a
    b.append(2)
    b += [3]
    c = a + [4]
    return a, b, c
""",
    "two names of one array": """
    a = m[0, v]
    b = a
    b[0] = 9.0
    b += 1
    c = a[1:3]
    c[0] = -1.0
    d = a.copy()
    d[0] = 0.0
    return a, b, c, d
""",
    "sets change": """
    s = set(v)
    for j in range(60):
        s.add(j * 3 % 41)
        if j % 4 == 0:
            s.discard(j)
    t = s.copy()
    t.remove(3)
    u = {j for j in t if j % 2}
    u |= {2} if False else set()
    return list(s), list(t), [j for j in u], len(s)
""".replace("    u |= {2} if False else set()\n", ""),
    "dicts change": """
    d = {}
    for j in range(50):
        d[j * 7 % 31] = d.get(j * 7 % 31, 0) + 1
    total = 0
    for key, value in d.items():
        total += key * value
    for value in d.values():
        total -= value
    return d, total, list(d), sorted(d, key=lambda j: (-d[j], j))[:4]
""",
    "loops of all kinds": """
    total = 0
    i = 0
    while True:
        i += 1
        if i > 50:
            break
        if i % 3 == 0:
            continue
        for a, b in zip(v, m[0]):
            if a == 7:
                break
            total += a * b
        for n, j in enumerate(v):
            total += n * j
    return total, i
""",
    "functions see the variables around them": """
    j = 7
    def read():
        return j
    first = [read() for j in v]
    for j in range(3):
        first.append(read())
    return first, j
""",
    "functions call functions": """
    def inner(j, depth=2):
        if depth == 0:
            return m[0][j]
        return inner((j + 1) % k, depth - 1) + outer(j, weight=0.5)
    double = lambda number: 2 * number
    return double(inner(1)), inner(0, depth=3), outer(2), nothing(k)
""",
    "chained and mixed": """
    best = None
    value = 0
    for j in v:
        value += m[0][j]
        if best is None or value < best:
            best = value
    a, (b, c) = 1, (x, v[0])
    a, b = b, a
    p = q = [a]
    return best, a, b, c, p is None, value
""",
}
_BESIDE = "WEIGHT = 0.25\n\n\ndef outer(j, weight=1.0):\n    return weight * WEIGHT * j\n\n\ndef nothing(j):\n    j += 1\n"


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_have_the_same_values(name: str) -> None:
    code = f"import numpy as np\n{_BESIDE}\n\ndef f(v, m, x, k):{PROGRAMS[name]}"
    expected = by_python(code, VECTOR, MATRIX, 0.75)
    assert alike(expected, by_machine(code, VECTOR, MATRIX, 0.75)), (expected, by_machine(code, VECTOR, MATRIX, 0.75))
