"""Rules for online bin packing that score bins by their levels, and what they share with those that do not."""

from textwrap import dedent

__all__ = ["LEVEL", "LOOPS", "STATELESS", "module"]

_TOP = "import math\nimport numpy as np\n"

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

_MORE_HELPERS = """
def spoil(x):
    x *= -1
    return 0

def rest_of(x):
    return (x, x)

def again(bins, item):
    return again(bins, item)
"""


def module(body: str) -> str:
    """A candidate's source around the body of its rule."""
    lines = "\n".join(f"    {line}" for line in dedent(body).strip().splitlines())
    return f"{_TOP}{_HELPERS}{_MORE_HELPERS}\ndef priority(item, bins):\n{lines}\n"


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
    "helper of an array": "return squash(bins - item, 3)",
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
    "boolean scores": "return np.invert((bins == item) ^ np.logical_not(bins > 4)) & np.isfinite(bins / item)",
    "boolean array by type": "m = np.zeros_like(bins, dtype=bool)\nm |= bins > 4\ns = bins * 1.0\ns[m] *= -1\nreturn s",
    "branches of one kind": "a, b = (bins, 1) if item > 3 else (-bins, 2)\nreturn a * b",
    "loop left early": "w = 0\nfor k in range(item):\n    if k > 3:\n        break\n    w += k\nreturn bins * w",
    "print": "print(item)\nreturn -bins",
    "ellipsis as a value": "w = ...\nreturn bins",
    "identity of an array": "return -bins if bins is not None else bins",
    "kinds that differ": "w = 'a' if item > 3 else (1, 2)\nreturn bins",
    "starred call": "return np.maximum(*(bins, 3))",
    "range as a value": "r = range(3)\nreturn bins",
    "out by position": "return np.exp(bins, bins * 1.0)",
    "copy of nan_to_num": "return np.nan_to_num(bins, False)",
    "size of a number": "return bins * np.size(item)",
    "array of a number": "return np.array(item) + bins",
    "more arguments than known": "return np.zeros(len(bins), float, 'C')",
    "declaration only": "w: int\nreturn bins",
    "one list under two names": "a = b = []\nreturn bins",
    "starred target": "a, *b = (1, 2, 3)\nreturn bins",
    "for with else": "for k in range(3):\n    pass\nelse:\n    item = 1\nreturn bins * item",
    "loop over the text": "for c in 'abc':\n    pass\nreturn bins",
    "loud errors": "with np.errstate(divide='raise'):\n    return bins / item",
    "nested helper from elsewhere": "def near(x):\n    return x - item\ndef far(x):\n    return near(x)\nreturn far(bins)",
    "deleted": "del item\nreturn bins",
    "alias changed": "free = bins\nfree -= item\nreturn -bins",
    "view changed": "free = bins[:]\nfree -= item\nreturn -bins",
    "copy changed": "free = bins.copy()\nfree -= item\nreturn free * bins",
    "flat view changed": "free = bins.ravel()\nfree -= item\nreturn bins * free.flatten()",
    "same array by asarray": "free = np.asarray(bins)\nfree -= item\nreturn -bins if free is bins else bins",
    "out of another": "s = bins * 1.0\nr = np.sqrt(bins, out=s)\nr += 1\nreturn s",
    "out of clip": "s = np.zeros_like(bins)\nnp.clip(bins, 2, 5, out=s)\nreturn s",
    "powers in place": "s = bins * 0.5\ns **= 0.5\ns **= -1\nreturn s + 2.0 ** bins + bins ** bins ** 0.5",
    "part changed": "s = bins * 1.0\npart = s[bins > 4]\npart += 100\nreturn s",
    "part written back": "s = bins * 1.0\nm = bins > 4\npart = s[m]\npart += 100\ns[m] = part\nreturn s",
    "part of a part": """
        big = bins > 3
        part = bins[big] * 1.0
        even = part % 2 == 0
        part[even] = part[even] ** 2
        part[~even] *= -1
        s = np.zeros(len(bins))
        s[big] = part
        return s
        """,
    "all bins as a part": "return -bins[bins >= item]",
    "maximum of a part that has the unopened bin": "m = bins > item / 2\nreturn bins - bins[m].max()",
    "parts by equal masks": "s = bins * 1.0\ns[bins > 5] = -bins[bins >= 6]\nreturn s",
    "mask changed afterwards": "m = bins > 5\ns = bins * 1.0\nold = bins[m]\nn = m.copy()\nm |= True\ns[n] = -old\nreturn s",
    "largest score is the unopened bin's": "s = bins ** 2 - item\nreturn s / s.max() - (-bins).min() + min(-bins)",
    "any that is always so": "return -bins if np.any(bins > item - 1) and (bins >= item).all() else bins",
    "any that never is": "s = 1.0 / bins\nreturn s if np.isnan(s).any() or any(np.isinf(s)) or not all(s > 0) else -s",
    "overflow of whole numbers": "return (bins * 2 ** 61) // 2 ** 40",
    "not a number": "return np.where(bins > 5, np.inf - np.inf, bins)",
    "shape of the bins": "return np.full(bins.shape[0], 2.0) * np.ones((len(bins),)) - bins if bins.ndim == 1 else None",
    "lengths that are one": "return -bins if len(bins) == bins.size and len(bins) >= 1 and not len(bins) < 1 else bins[0]",
    "type asked": "return -bins if isinstance(bins, np.ndarray) and isinstance(len(bins), int) and not isinstance(item, str) else 0",
    "dtype asked": "return -bins if bins.dtype == np.int64 else bins",
    "unused imports": "import random\nfrom scipy import stats as st\nfrom typing import Any\nx: Any = 1\nreturn -bins",
    "names of NumPy": "from numpy import where, zeros\nreturn where(bins > 4, bins, zeros(len(bins)))",
    "numbers of the rule's own": "w = np.array([0.5, item])\nw /= w.sum()\nreturn bins * w[1] + np.mean([item, 2]) + np.exp(item)",
    "closure within a call": "seen = []\ndef f(x):\n    seen.append(x)\n    return x * len(seen)\nreturn f(bins) + f(bins)",
    "lambda and map": "return sum(map(lambda k: bins ** k / k, (1, 2, item)))",
    "undefined and then written": "s = np.empty(len(bins))\ns[:] = -1\nt = np.empty_like(s)\nt[...] = s * bins\nreturn t",
    "item as a power": "return bins ** item + bins ** (1 / item) + item ** bins % 7",
    "maximum by the item": "return -bins if bins.max() > 2 * item else bins * item",
}
"""Bodies by what is special about them."""

LOOPS = {
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
    "helper of a number": "return np.array([graded(b, item) for b in bins], dtype=float)",
    "list of the bins": "return [x - item for x in list(bins)]",
    "array of a list, converted": "return np.asarray([1 if b > 4 else 0.5 for b in bins]).astype(float) ** 2",
    "steps of a bin": "s = np.zeros(len(bins))\nfor i, b in enumerate(bins):\n    for k in range(0, b, 2):\n        s[i] += k\nreturn s",
    "table by a bin": "return [(5, 1, 3)[b % 3] if b not in (4, 6) else 0 < b < 5 for b in bins]",
    "in a tuple": "return np.array([1 if b in (3, 5) else 0 for b in bins])",
}
"""Bodies that loop over the bins, which nothing shows to be harmless."""

STATELESS = {
    "mutable default": "def priority(item, bins, seen=[]):\n    return bins * len(seen)\n",
    "walrus": "def priority(item, bins):\n    return (w := bins) + w\n",
    "star parameters": "def priority(*both):\n    return both[1]\n",
    "yield in a helper": "def f(x):\n    yield x\ndef priority(item, bins):\n    return bins\n",
    "tables of the module": (
        "W = {1: 0.5, 'x': (1, 2)}\nL = [[1], {2}]\ndef priority(item, bins):\n    return bins * W.get(item, L[0][0])\n"
    ),
    "numbers computed once": (
        "import math\nimport numpy as np\nfrom math import sqrt\nfrom numpy import zeros\nfrom numpy.typing import NDArray\n"
        "from typing import List, Optional\n"
        "C = math.sqrt(2) * np.pi\nE = np.finfo(float).eps\nKind = Optional[List[int]]\n"
        "def priority(item: int, bins: NDArray[np.int64]) -> np.ndarray:\n    return bins * C + E\n"
    ),
    "run as a script": "def priority(item, bins):\n    return -bins\nif __name__ == '__main__':\n    print(priority(1, 2))\n",
    "another name": "f = lambda item, bins, w=2: -bins * w\npriority = f\n",
}
"""Modules by what they keep that no call changes."""
