"""Which rules are recognised as scoring levels, and which must not be."""

from textwrap import dedent

import numpy as np
import pytest

from evoheur.problems.bin_packing_online.level_rule import analyse
from tests.problems.bin_packing_online.packing import both_ways, stream

_TOP = "import math\nimport numpy as np\n"

LEVEL = {
    "best fit": "return -(bins - item).astype(float)",
    "whole numbers": "return item - bins",
    "powers of the free space over the item": "return sum_of(bins, item)",
    "exponential of the rest": "return np.exp(-(bins - item) / item) - 0.1 * np.sqrt(bins)",
    "step table by where": "free = bins - item\nreturn np.where(free < 3, 5.0, np.where(free < 9, -free, 1.0 / (1 + free)))",
    "step table by select": "free = bins - item\nreturn np.select([free == 0, free < 4], [9.0, -free], default=-1.0)",
    "step table by masks": """
        scores = np.zeros(len(bins))
        scores[bins == item] = 10
        scores[(bins > item) & (bins < 2 * item)] = -3
        scores[bins >= 2 * item] = 1.5
        return scores
        """,
    "masked expressions": """
        scores = np.zeros_like(bins, dtype=float)
        mask = bins - item > 4
        scores[mask] = np.log(bins[mask]) * item
        scores[~mask] -= bins[~mask] / 2
        return scores
        """,
    "maximum of the bins": "return bins / bins.max() - item / np.max(bins) + max(bins)",
    "maximum of the rest": "rest = bins - item\nreturn rest / (1e-9 + np.max(rest)) - (rest / rest.max()) ** 2",
    "maximum of a copy": "free = bins.astype(float)\nfree -= item\nreturn free / bins.max()",
    "maximum before the change": "top = bins.max()\nbins -= item\nreturn bins / top",
    "guard for no bins": "if len(bins) == 0:\n    return np.array([])\nreturn -bins",
    "guard by size": "if bins.size > 0:\n    return -bins\nreturn bins[::-1]",
    "branch on the item": """
        if item > 4 or item % 3 == 1:
            return -bins
        elif item == 2:
            return bins * 0.5
        return np.abs(bins - 6)
        """,
    "conditional expression": "weight = 2 if item > 3 else 0.5\nreturn weight * bins",
    "loop over constants": "s = 0\nfor power, weight in enumerate((0.5, -1.0, 0.25)):\n    s = s + weight * bins ** power\nreturn s",
    "loop over a range": "s = np.zeros(len(bins))\nfor k in range(1, 4):\n    if k == item:\n        continue\n    s += bins % k\nreturn s",
    "silenced division": "with np.errstate(divide='ignore', invalid='ignore'):\n    return 1.0 / (bins - item)",
    "guarded division": "rest = (bins - item).astype(float)\nreturn np.divide(1.0, rest, out=np.full_like(rest, 7.0), where=rest > 0)",
    "list comprehension": "return [-(b - item) if b > item else 99 for b in bins]",
    "array of a comprehension": "return np.array([math.sqrt(b - item) for b in bins])",
    "typed array of a comprehension": "return 2 * np.array([b % item for b in bins], dtype=float)",
    "fromiter": "return np.fromiter((1 / (1 + b - item) for b in bins), dtype=float, count=len(bins))",
    "appending": """
        scores = []
        for free in bins:
            rest = free - item
            if rest == 0:
                scores.append(100)
            elif rest < 3:
                scores.append(-rest)
            else:
                scores.append(1.0 / rest)
        return np.array(scores)
        """,
    "enumerate": "scores = np.zeros(len(bins))\nfor i, b in enumerate(bins):\n    scores[i] = -abs(b - 2 * item)\nreturn scores",
    "range of the length": """
        n = len(bins)
        scores = np.empty(n)
        for i in range(n):
            b = bins[i]
            w = 1
            for k in range(3):
                w *= b - k
            scores[i] = w if b > 3 else -w
        return scores
        """,
    "zip": "rest = bins - item\nout = [0.0] * len(bins)\nfor i, (b, r) in enumerate(zip(bins, rest)):\n    out[i] = b * r\nreturn out",
    "helper of an array": "return squash(bins - item, 3)",
    "helper of a number": "return np.array([graded(b, item) for b in bins], dtype=float)",
    "nested helper": "def near(x):\n    return np.abs(x - item)\nreturn -near(bins) + near(2 * item)",
    "asarray": "x = np.asarray(bins, dtype=np.float64)\nreturn -(x / 10) ** 3",
    "filled in place": "scores = np.ones(bins.shape)\nscores *= 3\nscores[:] = -bins\nscores[bins == 9] += 5\nreturn scores",
    "in place on the input": "bins -= item\nbins **= 2\nreturn -bins",
    "unpacking": "low, high = item / 2, 3 * item\nreturn ((bins > low) & (bins < high)) * 1.0",
    "machine epsilon": "return 1.0 / (bins - item + np.finfo(float).eps)",
    "constants of the module": "return np.where(bins > STEPS[0], WEIGHT * bins, np.pi)",
    "clip": "return np.clip(bins, 2, 8) + bins.clip(0, 3) + np.minimum(bins, 5)",
    "fill": "scores = bins.astype(float)\nscores.fill(2)\nreturn scores + bins.round(1)",
    "negated length": "if not len(bins):\n    return bins[0]\nreturn -bins",
    "conditional on the length": "return bins[0] if np.size(bins) == 0 else -bins",
    "default of None": "w = None\nif w is None:\n    w = min((item, 3))\nreturn w * bins + len(STEPS)",
    "helper by keyword": "return sum_of(item=item, bins=bins, most=2)",
    "imports inside": "import math as m\nfrom math import sqrt\npass\nweight: float = m.log(item) + sqrt(item)\nreturn weight * bins",
    "list of the bins": "return [x - item for x in list(bins)]",
    "array of a list, converted": "return np.asarray([1 if b > 4 else 0.5 for b in bins]).astype(float) ** 2",
    "boolean scores": "return np.invert((bins == item) ^ np.logical_not(bins > 4)) & np.isfinite(bins / item)",
    "boolean array by type": "m = np.zeros_like(bins, dtype=bool)\nm |= bins > 4\ns = bins * 1.0\ns[m] *= -1\nreturn s",
    "branches of one kind": "a, b = (bins, 1) if item > 3 else (-bins, 2)\nreturn a * b",
    "loop left early": "w = 0\nfor k in range(item):\n    if k > 3:\n        break\n    w += k\nreturn bins * w",
    "steps of a bin": "s = np.zeros(len(bins))\nfor i, b in enumerate(bins):\n    for k in range(0, b, 2):\n        s[i] += k\nreturn s",
    "table by a bin": "return [(5, 1, 3)[b % 3] if b not in (4, 6) else 0 < b < 5 for b in bins]",
    "in a tuple": "return np.array([1 if b in (3, 5) else 0 for b in bins])",
}
_HELPERS = """
STEPS = (3, 8)
WEIGHT = -0.5

def sum_of(bins, item, most=4):
    total = 0.0
    for k in range(most):
        total = total + (bins / item) ** k / (k + 1)
    return total

def squash(x, scale):
    return np.tanh(x / scale)

def graded(b, item):
    if b == item:
        return 10
    for step in STEPS:
        if b - item < step:
            return step
    return 0
"""

PLAIN = {
    "neighbour difference": (
        "scores = -(bins - item).astype(float)\nscores[1:] -= scores[:-1]\nreturn scores",
        "position or order",
    ),
    "minimum": ("return bins - bins.min()", ".min()"),
    "minimum function": ("return bins - np.min(bins)", "numpy.min"),
    "length": ("return bins * len(bins)", "not bin by bin"),
    "condition on the length": ("if len(bins) > 5:\n    return bins\nreturn -bins", "number of bins"),
    "mean": ("return np.abs(bins - bins.mean())", ".mean()"),
    "sum": ("return bins / np.sum(bins)", "numpy.sum"),
    "spread": ("return bins / (1 + np.std(bins))", "numpy.std"),
    "order": ("return np.argsort(bins)", "numpy.argsort"),
    "position": ("return bins * np.arange(len(bins))", "numpy.arange"),
    "first bin": ("return bins - bins[0]", "position or order"),
    "reversed": ("return bins[::-1]", "position or order"),
    "permuted by an array": ("return bins[bins - bins]", "position or order"),
    "moved between masks": (
        "s = np.zeros(len(bins))\ns[bins > 5] = 1\nif (bins > 5).sum() == 0:\n    return bins\nreturn s",
        ".sum()",
    ),
    "another mask": ("s = bins * 1.0\ns[bins > 5] = bins[bins < 5]\nreturn s", "moves scores between bins"),
    "mask bound again": (
        "m = bins > 5\ns = bins * 1.0\nold = bins[m]\nm = bins < 5\ns[m] = old\nreturn s",
        "moves scores between bins",
    ),
    "mask changed in place": (
        "s = bins * 1.0\nold = bins[bins > 5]\nbins -= 3\ns[bins > 5] = old\nreturn s",
        "moves scores between bins",
    ),
    "any": ("if np.any(bins == item):\n    return -bins\nreturn bins", "numpy.any"),
    "condition on an array": ("if bins.max() > 3 and (bins == item):\n    return bins\nreturn -bins", "all bins at once"),
    "maximum after a change": ("bins -= item\nbins[bins > 4] = 0\nreturn bins / bins.max()", "maximum"),
    "maximum after a change of an alias": ("free = bins\nfree *= -1\nreturn bins.max() - bins", "maximum"),
    "maximum after a change of a view": ("free = bins[:]\nfree %= 4\nreturn bins.max() - bins", "maximum"),
    "maximum after out": ("np.multiply(bins, -1, out=bins)\nreturn bins.max() - bins", "maximum"),
    "maximum after a change in a loop": (
        "top = 0\nfor k in range(3):\n    top = bins.max()\n    bins %= 5\nreturn top - bins",
        "maximum",
    ),
    "maximum after entries changed": ("for i, b in enumerate(bins):\n    bins[i] = b % 4\nreturn bins.max() - bins", "maximum"),
    "maximum of a function": ("return bins - np.max(bins % 5)", "maximum"),
    "maximum of a difference": ("return bins - np.max(bins - 2 * bins)", "maximum"),
    "maximum after a change through asarray": ("free = np.asarray(bins)\nfree *= -1\nreturn bins.max() - bins", "maximum"),
    "loop over an array of unknown type": (
        "a = np.array([b if b > 5 else 0.5 for b in bins])\nreturn [10**16 * x for x in a]",
        "type depends on the bins offered",
    ),
    "maximum of the rest after a change": ("rest = bins - item\nrest *= -1\nreturn rest - rest.max()", "maximum"),
    "maximum after a helper's change": ("spoil(bins)\nreturn bins.max() - bins", "maximum"),
    "undefined entries": ("scores = np.empty(len(bins))\nscores[bins > 5] = 1\nreturn scores", "position or order"),
    "undefined where": ("return np.divide(1.0, bins, where=bins > 3)", "np.divide with where"),
    "entries left undefined": (
        "scores = np.empty(len(bins))\nfor i, b in enumerate(bins):\n    if b > 3:\n        scores[i] = b\nreturn scores",
        "before it has an entry for every bin",
    ),
    "random": ("return np.random.rand(len(bins))", ".rand"),
    "carried from bin to bin": (
        "s = np.zeros(len(bins))\nlast = 0\nfor i, b in enumerate(bins):\n    s[i] = b - last\n    last = b\nreturn s",
        "left over from another bin",
    ),
    "carried on one path": (
        "s = np.zeros(len(bins))\nfor i, b in enumerate(bins):\n    if b > 5:\n        w = b\n    s[i] = w\nreturn s",
        "is of different kinds",
    ),
    "counted": ("s = []\nk = 0\nfor b in bins:\n    k += 1\n    s.append(k)\nreturn s", "left over from another bin"),
    "left over": (
        "s = np.zeros(len(bins))\nfor i, b in enumerate(bins):\n    s[i] = 1\nreturn s * b",
        "left over from the last bin",
    ),
    "stops early": (
        "s = np.zeros(len(bins))\nfor i, b in enumerate(bins):\n    s[i] = 1\n    if b > 5:\n        break\nreturn s",
        "stops early",
    ),
    "returns early": ("for b in bins:\n    if b == item:\n        return -bins\nreturn bins", "stops early"),
    "index as a number": ("return [b + i for i, b in enumerate(bins)]", "Element, Index is not bin by bin"),
    "index of another bin": ("s = bins * 1.0\nfor i in range(len(bins)):\n    s[i] = s[i - 1]\nreturn s", "not bin by bin"),
    "whole array in a loop": ("s = bins * 1.0\nfor i, b in enumerate(bins):\n    s += b\nreturn s", "left over from another bin"),
    "whole change in a loop": (
        "s = bins * 1.0\nfor i, b in enumerate(bins):\n    if b > 6:\n        s[:] = 2\nreturn s",
        "whole array",
    ),
    "appends twice": (
        "s = []\nfor b in bins:\n    s.append(b)\n    if b > 6:\n        s.append(b)\nreturn s",
        "one entry per bin",
    ),
    "appends on one path": (
        "s = []\nfor b in bins:\n    if b > 6:\n        s.append(b)\nreturn [x for x, b in zip(s, bins)] + [0] * 9",
        "one entry per bin",
    ),
    "maximum while entries change": (
        "s = bins * 1.0\nfor i, b in enumerate(bins):\n    s[i] = bins.max() - b\n    bins[i] = 0\nreturn s",
        "maximum",
    ),
    "array kept in a loop": (
        "s = bins * 1.0\nfor i, b in enumerate(bins):\n    t = s + 1\n    s[i] = t[i]\nreturn s",
        "keeps something else than numbers",
    ),
    "filter": ("return np.array([b for b in bins if b > 0])", "a filter"),
    "array of unknown type": ("return np.array([b if b > 5 else 0.5 for b in bins]) // 2", "not bin by bin"),
    "mixed to whole": ("return np.array([0.5 if b > 5 else 2**60 + b for b in bins]).astype(int)", "lost digits"),
    "while": ("while item < 3:\n    item += 1\nreturn bins * item", "uses While"),
    "try": ("try:\n    return -bins\nexcept ValueError:\n    return bins", "uses Try"),
    "print": ("print(item)\nreturn -bins", "uses 'print'"),
    "interpolation": ("return np.interp(bins, [0, 5], [1, 2])", "numpy.interp"),
    "single precision": ("return bins.astype(np.float32)", "a dtype other than"),
    "one number": ("return np.max(bins)", "something else than one score per bin"),
    "two results": ("return bins, item", "something else than one score per bin"),
    "no return": ("scores = -bins", "may end without a return"),
    "generator": ("return (b for b in bins)", "something else than one score per bin"),
    "recursion": ("return again(bins, item)", "recursion"),
    "shadowed builtin": ("max = 3\nreturn bins + max(bins)", "no known function"),
    "decorated helper": ("return remembered(bins)", "is decorated"),
    "kept generator": ("g = (b for b in bins)\nreturn list(g)", "a generator is kept"),
    "list under two names": ("t = ([], 0)\na, z = t\nfor b in bins:\n    a.append(b)\nreturn a", "two names"),
    "matrix product": ("return bins @ bins", "uses @"),
    "ellipsis as a value": ("w = ...\nreturn bins", "uses ..."),
    "identity of an array": ("return -bins if bins is not None else bins", "identity"),
    "search in an array": ("return -bins if item in bins else bins", "searches something else"),
    "kinds that differ": ("w = 'a' if item > 3 else (1, 2)\nreturn bins", "of different kinds"),
    "kinds that differ by branch": ("if item > 3:\n    w = (1, 2)\nelse:\n    w = 1\nreturn bins * w", "of different kinds"),
    "transposed": ("return bins.T", "uses .T"),
    "comprehension over numbers": ("return [bins for k in range(3)]", "something else than the bins"),
    "comprehension over pairs": ("return [a for a in zip(bins)]", "something else than the bins"),
    "unpacked entries": ("return [a for a, in bins]", "unpacks its entries"),
    "comparison of lengths": ("if len(bins) > len(bins - 1):\n    return bins\nreturn -bins", "number of bins"),
    "starred call": ("return np.maximum(*(bins, 3))", "a call with *"),
    "call of a call": ("return (bins * 2)(3)", "no known function"),
    "unknown builtin": ("return sorted(bins)", "uses 'sorted'"),
    "unknown method": ("return bins.cumsum()", ".cumsum()"),
    "keyword of a builtin": ("return bins * int(x=3)", "passes x="),
    "range as a value": ("r = range(3)\nreturn bins", "calls range"),
    "mixed array used": ("return np.array([b for b in bins]).copy()", "type depends on the bins offered"),
    "out by position": ("return np.exp(bins, bins * 1.0)", "np.exp with 2 arguments"),
    "copy of nan_to_num": ("return np.nan_to_num(bins, False)", "np.nan_to_num with 2 arguments"),
    "positions by where": ("return np.where(bins > 3)", "that gives positions"),
    "size of a number": ("return bins * np.size(item)", "something else than one array"),
    "shape of another length": ("return np.zeros(3)", "another length"),
    "shape missing": ("return np.zeros(dtype=float)", "without a shape"),
    "like a number": ("return np.zeros_like(item)", "something else than an array over the bins"),
    "filled with an array": ("return np.full(len(bins), bins)", "not the same for all bins"),
    "filled with nothing": ("return np.full_like(bins)", "without a value"),
    "array of a number": ("return np.array(item) + bins", "np.array of something else"),
    "fromiter of a number": ("return np.fromiter(item, dtype=float)", "np.fromiter of something else"),
    "fromiter of a part": ("return np.fromiter((b for b in bins), dtype=float, count=3)", "another count"),
    "more arguments than known": ("return np.zeros(len(bins), float, 'C')", "more arguments"),
    "argument twice": ("return np.clip(bins, 1, a=3)", "passes a="),
    "declaration only": ("w: int\nreturn bins", "a declaration without a value"),
    "one list under two names": ("a = b = []\nreturn bins", "two names"),
    "unpacked array": ("a, b = bins\nreturn bins * a", "unpacks something else"),
    "attribute changed": ("bins.shape += 1\nreturn bins", "assigns to Attribute"),
    "starred target": ("a, *b = (1, 2, 3)\nreturn bins", "unpacks something else"),
    "for with else": ("for k in range(3):\n    pass\nelse:\n    item = 1\nreturn bins * item", "for-else"),
    "loop in a loop": (
        "s = bins * 1.0\nfor i, b in enumerate(bins):\n    for c in bins:\n        s[i] += c\nreturn s",
        "inside another",
    ),
    "loop over the text": ("for c in 'abc':\n    pass\nreturn bins", "loops over something else"),
    "loop with a function": ("for b in bins:\n    def f(x):\n        return x\nreturn bins", "inside a loop over the bins"),
    "another with": ("with open('x') as f:\n    return bins", "uses with"),
    "loud errors": ("with np.errstate(divide='raise'):\n    return bins / item", "uses with"),
    "return of nothing": ("if item > 3:\n    return\nreturn bins", "a return without a value"),
    "masked argument": ("return squash(bins[bins > 3], 2)", "an argument is"),
    "too many arguments": ("return squash(bins, 2, 3)", "other arguments than it has"),
    "helper that keeps the rest": ("return rest_of(bins)", "returns no number"),
    "nested helper from elsewhere": (
        "def near(x):\n    return x - item\ndef far(x):\n    return near(x)\nreturn far(bins)",
        "called from another function",
    ),
    "deleted": ("del item\nreturn bins", "uses Delete"),
}
UNREPEATABLE = {"another with", "entries left undefined", "loud errors", "recursion", "undefined entries", "undefined where"}
"""Rules that answer by what the memory or the disk happens to hold, or never, or with an error of another family."""

_MORE_HELPERS = """
import functools

def spoil(x):
    x *= -1
    return 0

def rest_of(x):
    return (x, x)

def again(bins, item):
    return again(bins, item)

@functools.cache
def remembered(x):
    return x
"""

MODULES = {
    "global counter": (
        "calls = 0\ndef priority(item, bins):\n    global calls\n    calls += 1\n    return bins * calls\n",
        "uses Global",
    ),
    "mutable default": ("def priority(item, bins, seen=[]):\n    return bins * len(seen)\n", "no plain constant"),
    "function attribute": ("def priority(item, bins):\n    priority.n = 1\n    return bins\n", "assigns to Attribute"),
    "list of the module": (
        "SEEN = [1]\ndef priority(item, bins):\n    SEEN.append(item)\n    return bins * len(SEEN)\n",
        "appends outside",
    ),
    "list of the module extended": (
        "SEEN = [1]\ndef priority(item, bins):\n    seen = SEEN\n    seen += [item]\n    return bins * len(seen)\n",
        "not bin by bin",
    ),
    "entry of a list of the module": (
        "SEEN = [1]\ndef priority(item, bins):\n    seen = SEEN\n    seen[0] = item\n    return bins * seen[0]\n",
        "by position or order",
    ),
    "array of the module": (
        "import numpy as np\nW = np.ones(3)\ndef priority(item, bins):\n    return bins * W[0]\n",
        "a call outside of the functions",
    ),
    "code of the module": (
        "import numpy as np\nnp.seterr(all='raise')\ndef priority(item, bins):\n    return bins\n",
        "Expr outside",
    ),
    "class": ("class A:\n    n = 0\ndef priority(item, bins):\n    A.n += 1\n    return bins * A.n\n", "ClassDef outside"),
    "decorated": ("import functools\n@functools.cache\ndef priority(item, bins):\n    return bins\n", "no plain function"),
    "not a function": ("priority = abs\n", "no plain function"),
    "another module's function": (
        "from random import random\ndef priority(item, bins):\n    return bins * random()\n",
        "'random' is imported",
    ),
    "star import": ("from numpy import *\ndef priority(item, bins):\n    return exp(bins)\n", "imports everything"),
    "shadowed module": (
        "import numpy as np\nimport random as np\ndef priority(item, bins):\n    return np.random() * bins\n",
        "'np' is imported",
    ),
    "walrus": ("def priority(item, bins):\n    return (w := bins) + w\n", "uses NamedExpr"),
    "star parameters": ("def priority(*both):\n    return both[1]\n", "unusual parameters"),
    "yield in a helper": ("def f(x):\n    yield x\ndef priority(item, bins):\n    return bins\n", "uses Yield"),
}

STREAMS = [stream([3, 5, 2, 9, 7, 1, 4, 4, 6, 3, 2, 2, 8, 5, 1, 3], 10), stream([10, 1, 9, 2, 2, 5, 5, 3], 10)]


def module(body: str) -> str:
    """A candidate's source around the body of its rule."""
    lines = "\n".join(f"    {line}" for line in dedent(body).strip().splitlines())
    return f"{_TOP}{_HELPERS}{_MORE_HELPERS}\ndef priority(item, bins):\n{lines}\n"


@pytest.mark.parametrize("name", LEVEL)
def test_a_rule_that_scores_levels_is_recognised(name: str) -> None:
    """And packs the same bins by table as by the protocol, with both meanings of NaN."""
    code = module(LEVEL[name])
    verdict = analyse(code, "priority")
    assert verdict.reason == ""
    assert verdict.is_level_rule
    for nan in ("error", "highest"):
        fast, plain, path = both_ways(code, STREAMS, nan=nan)
        assert fast == plain
        # A NaN that must not win, or a size that the rule fails on: the plain path shows where.
        assert path == ("plain" if fast[-1].error else "levels")


@pytest.mark.parametrize("name", PLAIN)
def test_a_rule_that_looks_at_more_than_one_bin_is_not(name: str) -> None:
    """The reason names what it is; the streams are packed by the protocol."""
    body, reason = PLAIN[name]
    code = module(body)
    verdict = analyse(code, "priority")
    assert not verdict.is_level_rule
    assert reason in verdict.reason
    if name not in UNREPEATABLE:
        fast, plain, path = both_ways(code, STREAMS)
        assert fast == plain
        assert path == "plain"


@pytest.mark.parametrize("name", MODULES)
def test_a_module_that_may_keep_state_is_not(name: str) -> None:
    """What stands outside of the rule can spoil it too."""
    code, reason = MODULES[name]
    verdict = analyse(code, "priority")
    assert not verdict.is_level_rule
    assert reason in verdict.reason


def test_lists_of_numbers_are_marked_as_mixed() -> None:
    """Whether an array made of them holds int or float is decided by the bins offered; a dtype decides it for good."""
    assert analyse(module("return [b for b in bins]"), "priority").mixed
    assert analyse(module("return np.array([b for b in bins])"), "priority").mixed
    assert not analyse(module("return np.array([b for b in bins], dtype=float)"), "priority").mixed
    assert not analyse(module("return -bins"), "priority").mixed


def test_the_rule_is_found_by_its_name_and_the_last_definition_counts() -> None:
    """As it does when the module is executed."""
    first = "def other(item, bins):\n    return bins[0]\ndef priority(item, bins):\n    return bins[0]\n"
    code = f"{first}def priority(item, bins):\n    return -bins\n"
    assert analyse(code, "priority").is_level_rule
    assert not analyse(code, "other").is_level_rule


def test_an_alias_of_another_function_is_followed() -> None:
    """`priority = score` makes score the rule."""
    assert analyse("def score(item, bins):\n    return -bins\npriority = score\n", "priority").is_level_rule


def test_very_deep_and_very_long_code_is_left_to_the_plain_path() -> None:
    """The analysis ends, whatever it is given."""
    deep = "def priority(item, bins):\n    return " + "+".join(["bins"] * 3000) + "\n"
    assert "nested too deep" in analyse(deep, "priority").reason
    long = "def priority(item, bins):\n" + "    bins = bins + 1\n" * 9000 + "    return bins\n"
    assert "too long" in analyse(long, "priority").reason


def test_the_unopened_bin_is_what_makes_the_maximum_constant() -> None:
    """Even when every other bin is full: items that fill their bins leave the capacity offered to the last one."""
    code = module("return bins.max() - bins")
    fast, plain, path = both_ways(code, [stream([10] * 6, 10)])
    assert path == "levels"
    assert fast == plain
    assert np.unique(fast[0].bins).size == 6
