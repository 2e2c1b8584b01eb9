"""Which rules are shown to score levels, and which must not be."""

from textwrap import dedent

import numpy as np
import pytest

from evoheur.problems.bin_packing_online.level_grid import NotByLevel
from evoheur.problems.bin_packing_online.level_names import RULE_FAULTS
from evoheur.problems.bin_packing_online.level_rule import LevelRule
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
    "while": "while item < 3:\n    item += 1\nreturn bins * item",
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
        "picks bins by position or order",
    ),
    "minimum": ("return bins - bins.min()", "uses .min(), which depends on the bins that are offered"),
    "minimum function": ("return bins - np.min(bins)", "uses .min(), which depends on the bins that are offered"),
    "length": ("return bins * len(bins)", "lets the bins meet their number"),
    "condition on the length": ("if len(bins) > 5:\n    return bins\nreturn -bins", "compares the number of bins"),
    "mean": ("return np.abs(bins - bins.mean())", "uses .mean of the bins"),
    "sum": ("return bins / np.sum(bins)", "uses np.sum on the bins"),
    "spread": ("return bins / (1 + np.std(bins))", "uses np.std on the bins"),
    "order": ("return np.argsort(bins)", "uses np.argsort on the bins"),
    "position": ("return bins * np.arange(len(bins))", "computes with the number of bins"),
    "first bin": ("return bins - bins[0]", "picks bins by position or order"),
    "reversed": ("return bins[::-1]", "picks bins by position or order"),
    "permuted by an array": ("return bins[bins - bins]", "picks bins by position or order"),
    "moved between masks": (
        "s = np.zeros(len(bins))\ns[bins > 5] = 1\nif (bins > 5).sum() == 0:\n    return bins\nreturn s",
        "uses .sum of the bins",
    ),
    "another mask": ("s = bins * 1.0\ns[bins > 5] = bins[bins < 5]\nreturn s", "moves numbers between bins"),
    "mask bound again": (
        "m = bins > 5\ns = bins * 1.0\nold = bins[m]\nm = bins < 5\ns[m] = old\nreturn s",
        "moves numbers between bins",
    ),
    "mask changed in place": (
        "s = bins * 1.0\nold = bins[bins > 5]\nbins -= 3\ns[bins > 5] = old\nreturn s",
        "moves numbers between bins",
    ),
    "any": ("if np.any(bins == item):\n    return -bins\nreturn bins", "uses .any(), which depends on the bins that are offered"),
    "condition on an array": (
        "if bins.max() > 3 and (bins == item):\n    return bins\nreturn -bins",
        "makes a condition depend on all bins at once",
    ),
    "maximum after a change": (
        "bins -= item\nbins[bins > 4] = 0\nreturn bins / bins.max()",
        "uses .max(), which depends on the bins that are offered",
    ),
    "maximum after a change of an alias": (
        "free = bins\nfree *= -1\nreturn bins.max() - bins",
        "uses .max(), which depends on the bins that are offered",
    ),
    "maximum after a change of a view": (
        "free = bins[:]\nfree %= 4\nreturn bins.max() - bins",
        "uses .max(), which depends on the bins that are offered",
    ),
    "maximum after out": (
        "np.multiply(bins, -1, out=bins)\nreturn bins.max() - bins",
        "uses .max(), which depends on the bins that are offered",
    ),
    "maximum after a change in a loop": (
        "top = 0\nfor k in range(3):\n    top = bins.max()\n    bins %= 5\nreturn top - bins",
        "uses .max(), which depends on the bins that are offered",
    ),
    "maximum after entries changed": (
        "for i, b in enumerate(bins):\n    bins[i] = b % 4\nreturn bins.max() - bins",
        "loops over the bins",
    ),
    "maximum of a function": ("return bins - np.max(bins % 5)", "uses .max(), which depends on the bins that are offered"),
    "maximum of a difference": (
        "return bins - np.max(bins - 2 * bins)",
        "uses .max(), which depends on the bins that are offered",
    ),
    "maximum after a change through asarray": (
        "free = np.asarray(bins)\nfree *= -1\nreturn bins.max() - bins",
        "uses .max(), which depends on the bins that are offered",
    ),
    "loop over an array of unknown type": (
        "a = np.array([b if b > 5 else 0.5 for b in bins])\nreturn [10**16 * x for x in a]",
        "loops over the bins",
    ),
    "maximum of the rest after a change": (
        "rest = bins - item\nrest *= -1\nreturn rest - rest.max()",
        "uses .max(), which depends on the bins that are offered",
    ),
    "maximum after a helper's change": (
        "spoil(bins)\nreturn bins.max() - bins",
        "uses .max(), which depends on the bins that are offered",
    ),
    "undefined where": (
        "return np.divide(1.0, bins, where=bins > 3)",
        "leaves entries undefined by np.divide with where= and without out=",
    ),
    "entries left undefined": (
        "scores = np.empty(len(bins))\nfor i, b in enumerate(bins):\n    if b > 3:\n        scores[i] = b\nreturn scores",
        "loops over the bins",
    ),
    "random": ("return np.random.rand(len(bins))", "uses np.random.rand"),
    "carried from bin to bin": (
        "s = np.zeros(len(bins))\nlast = 0\nfor i, b in enumerate(bins):\n    s[i] = b - last\n    last = b\nreturn s",
        "loops over the bins",
    ),
    "carried on one path": (
        "s = np.zeros(len(bins))\nfor i, b in enumerate(bins):\n    if b > 5:\n        w = b\n    s[i] = w\nreturn s",
        "loops over the bins",
    ),
    "counted": ("s = []\nk = 0\nfor b in bins:\n    k += 1\n    s.append(k)\nreturn s", "loops over the bins"),
    "left over": (
        "s = np.zeros(len(bins))\nfor i, b in enumerate(bins):\n    s[i] = 1\nreturn s * b",
        "loops over the bins",
    ),
    "loops over the bins": (
        "s = np.zeros(len(bins))\nfor i, b in enumerate(bins):\n    s[i] = 1\n    if b > 5:\n        break\nreturn s",
        "loops over the bins",
    ),
    "returns early": ("for b in bins:\n    if b == item:\n        return -bins\nreturn bins", "loops over the bins"),
    "index as a number": ("return [b + i for i, b in enumerate(bins)]", "loops over the bins"),
    "index of another bin": (
        "s = bins * 1.0\nfor i in range(len(bins)):\n    s[i] = s[i - 1]\nreturn s",
        "computes with the number of bins",
    ),
    "whole array in a loop": ("s = bins * 1.0\nfor i, b in enumerate(bins):\n    s += b\nreturn s", "loops over the bins"),
    "whole change in a loop": (
        "s = bins * 1.0\nfor i, b in enumerate(bins):\n    if b > 6:\n        s[:] = 2\nreturn s",
        "loops over the bins",
    ),
    "appends twice": (
        "s = []\nfor b in bins:\n    s.append(b)\n    if b > 6:\n        s.append(b)\nreturn s",
        "loops over the bins",
    ),
    "appends on one path": (
        "s = []\nfor b in bins:\n    if b > 6:\n        s.append(b)\nreturn [x for x, b in zip(s, bins)] + [0] * 9",
        "loops over the bins",
    ),
    "maximum while entries change": (
        "s = bins * 1.0\nfor i, b in enumerate(bins):\n    s[i] = bins.max() - b\n    bins[i] = 0\nreturn s",
        "loops over the bins",
    ),
    "array kept in a loop": (
        "s = bins * 1.0\nfor i, b in enumerate(bins):\n    t = s + 1\n    s[i] = t[i]\nreturn s",
        "loops over the bins",
    ),
    "filter": ("return np.array([b for b in bins if b > 0])", "loops over the bins"),
    "array of unknown type": ("return np.array([b if b > 5 else 0.5 for b in bins]) // 2", "loops over the bins"),
    "mixed to whole": ("return np.array([0.5 if b > 5 else 2**60 + b for b in bins]).astype(int)", "loops over the bins"),
    "try": ("try:\n    return -bins\nexcept ValueError:\n    return bins", "catches errors"),
    "interpolation": ("return np.interp(bins, [0, 5], [1, 2])", "uses np.interp on the bins"),
    "single precision": ("return bins.astype(np.float32)", "makes numbers of type float32 of the bins"),
    "one number": ("return np.max(bins)", "returns a int64, made of no bins"),
    "two results": ("return bins, item", "returns a tuple, made of no bins"),
    "no return": ("scores = -bins", "returns a NoneType, made of no bins"),
    "generator": ("return (b for b in bins)", "loops over the bins"),
    "recursion": ("return again(bins, item)", "for size 1 it raised RecursionError"),
    "shadowed builtin": ("max = 3\nreturn bins + max(bins)", "for size 1 it raised TypeError"),
    "kept generator": ("g = (b for b in bins)\nreturn list(g)", "loops over the bins"),
    "list under two names": ("t = ([], 0)\na, z = t\nfor b in bins:\n    a.append(b)\nreturn a", "loops over the bins"),
    "matrix product": ("return bins @ bins", "uses np.matmul on the bins"),
    "search in an array": ("return -bins if item in bins else bins", "searches the bins"),
    "kinds that differ by branch": (
        "if item > 3:\n    w = (1, 2)\nelse:\n    w = 1\nreturn bins * w",
        "lets the bins meet a tuple",
    ),
    "transposed": ("return bins.T", "uses .T of the bins"),
    "comprehension over numbers": ("return [bins for k in range(3)]", "returns a list, made of no bins"),
    "comprehension over pairs": ("return [a for a in zip(bins)]", "loops over the bins"),
    "unpacked entries": ("return [a for a, in bins]", "loops over the bins"),
    "comparison of lengths": ("if len(bins) > len(bins - 1):\n    return bins\nreturn -bins", "compares the number of bins"),
    "call of a call": ("return (bins * 2)(3)", "for size 1 it raised TypeError"),
    "unknown builtin": ("return sorted(bins)", "loops over the bins"),
    "unknown method": ("return bins.cumsum()", "uses .cumsum of the bins"),
    "keyword of a builtin": ("return bins * int(x=3)", "for size 1 it raised TypeError"),
    "mixed array used": ("return np.array([b for b in bins]).copy()", "loops over the bins"),
    "positions by where": ("return np.where(bins > 3)", "uses np.where on the bins"),
    "shape of another length": ("return np.zeros(3)", "returns a ndarray, made of no bins"),
    "shape missing": ("return np.zeros(dtype=float)", "for size 1 it raised TypeError"),
    "like a number": ("return np.zeros_like(item)", "returns a ndarray, made of no bins"),
    "filled with an array": ("return np.full(len(bins), bins)", "uses .__array_struct__ of the bins"),
    "filled with nothing": ("return np.full_like(bins)", "for size 1 it raised TypeError"),
    "fromiter of a number": ("return np.fromiter(item, dtype=float)", "uses np.fromiter"),
    "fromiter of a part": ("return np.fromiter((b for b in bins), dtype=float, count=3)", "loops over the bins"),
    "argument twice": ("return np.clip(bins, 1, a=3)", "for size 1 it raised TypeError"),
    "unpacked array": ("a, b = bins\nreturn bins * a", "loops over the bins"),
    "attribute changed": ("bins.shape += 1\nreturn bins", "assigns to .shape"),
    "loop in a loop": (
        "s = bins * 1.0\nfor i, b in enumerate(bins):\n    for c in bins:\n        s[i] += c\nreturn s",
        "loops over the bins",
    ),
    "loop with a function": ("for b in bins:\n    def f(x):\n        return x\nreturn bins", "loops over the bins"),
    "another with": ("with open('x') as f:\n    return bins", "uses open"),
    "return of nothing": ("if item > 3:\n    return\nreturn bins", "returns a NoneType, made of no bins"),
    "masked argument": ("return squash(bins[bins > 3], 2)", "returns scores of some of the bins"),
    "too many arguments": ("return squash(bins, 2, 3)", "for size 1 it raised TypeError"),
    "helper that keeps the rest": ("return rest_of(bins)", "returns a tuple, made of no bins"),
    "errors caught": ("try:\n    return bins - bins.min()\nexcept Exception:\n    return bins", "catches errors"),
    "number of a condition": ("return bins * (bins > 5).sum()", "uses .sum of the bins"),
    "places": ("s = bins * 1.0\ns[np.flatnonzero(bins > 5)] = 1\nreturn s", "uses np.flatnonzero"),
    "best bin": ("s = bins * 1.0\ns[np.argmax(s)] = 0\nreturn s", "uses np.argmax on the bins"),
    "length of a part": ("return bins / len(bins[bins > 3])", "counts the bins that meet a condition"),
    "maximum of a part": ("return bins - bins[bins < 8].max()", "depends on the bins that are offered"),
    "maximum with either zero": ("return bins + np.copysign(1, np.max(np.where(bins > 5, 0.0, -0.0)))", "depends on the bins"),
    "maximum with one NaN": ("return bins - np.max(np.where(bins > item, bins, np.nan))", "depends on the bins that are offered"),
    "maximum of the built-in kind with NaN": ("return bins - max(bins * np.nan)", "depends on their order"),
    "maximum along an axis": ("return bins - bins.max(axis=1)", "along axis 1"),
    "reduced by a universal function": ("return bins - np.maximum.reduce(bins)", "uses np.maximum.reduce on the bins"),
    "changed at places": ("np.add.at(bins, [0], 1)\nreturn bins", "uses np.add.at on the bins"),
    "one number of all": ("return bins * math.sqrt(bins)", "where one number is wanted"),
    "list of the length": ("return bins * len([0] * len(bins))", "computes with the number of bins"),
    "text": ("return bins * len(str(bins))", "writes the bins down"),
    "text of the length": ("return bins * len(f'{len(bins)}')", "computes with the number of bins"),
    "two entries per bin": ("return np.zeros((len(bins), 2))[:, 0]", "several entries per bin"),
    "another axis": ("return bins[:, None][0]", "picks bins by position or order"),
    "wider by meeting": ("return bins + np.array([1, 2, 3])", "lets the bins meet a ndarray"),
    "a part and the whole": ("return bins + bins[bins > 5]", "lets numbers of different bins meet"),
    "a mask of a part": ("return bins[bins[bins > 5] > 6]", "picks bins by position or order"),
    "a part by a mask of the whole": ("return bins[bins > 5][bins > 6]", "picks bins by position or order"),
    "single precision by a function": ("return np.multiply(bins, 2, dtype=np.float32)", "numbers of type float32"),
    "random of the library": ("import random\nreturn bins * random.random()", "uses random.random"),
    "clock": ("from time import time\nreturn bins * time()", "uses time.time"),
    "the type": ("return bins if type(bins) is list else -bins", "uses type"),
    "private": ("return bins.__len__() * bins", "uses .__len__"),
    "frames": ("return bins * len(globals())", "uses globals"),
    "undefined of its own": ("return bins * np.empty(1)[0]", "leaves an array of its own undefined"),
    "undefined truths": ("m = np.empty(len(bins), dtype=bool)\nm[:] = bins > 3\nreturn m", "an empty array of type bool"),
    "errors told": ("with np.errstate(divide='call'):\n    return bins", "told to something else"),
    "coroutine": ("async def f():\n    return 1\nreturn bins", "defines a coroutine"),
}
UNREPEATABLE = {"another with", "entries left undefined", "loud errors", "recursion", "undefined where"}
"""Rules that answer by what memory or disk happen to hold, or with an error of another family."""

_MORE_HELPERS = """
def spoil(x):
    x *= -1
    return 0

def rest_of(x):
    return (x, x)

def again(bins, item):
    return again(bins, item)
"""

MODULES = {
    "global counter": (
        "calls = 0\ndef priority(item, bins):\n    global calls\n    calls += 1\n    return bins * calls\n",
        "changes what the next call finds",
    ),
    "function attribute": ("def priority(item, bins):\n    priority.n = 1\n    return bins\n", "assigns to .n"),
    "list of the module": (
        "SEEN = [1]\ndef priority(item, bins):\n    SEEN.append(item)\n    return bins * len(SEEN)\n",
        "changes what the next call finds",
    ),
    "list of the module extended": (
        "SEEN = [1]\ndef priority(item, bins):\n    seen = SEEN\n    seen += [item]\n    return bins * len(seen)\n",
        "changes what the next call finds",
    ),
    "entry of a list of the module": (
        "SEEN = [1]\ndef priority(item, bins):\n    seen = SEEN\n    seen[0] = item\n    return bins * seen[0]\n",
        "changes what the next call finds",
    ),
    "array of the module": (
        "import numpy as np\nW = np.ones(3)\ndef priority(item, bins):\n    return bins * W[0]\n",
        "keeps a ndarray between calls",
    ),
    "code of the module": (
        "import numpy as np\nnp.seterr(all='raise')\ndef priority(item, bins):\n    return bins\n",
        "uses np.seterr",
    ),
    "class": ("class A:\n    n = 0\ndef priority(item, bins):\n    A.n += 1\n    return bins * A.n\n", "defines a class"),
    "decorated": ("import functools\n@functools.cache\ndef priority(item, bins):\n    return bins\n", "uses functools.cache"),
    "not a function": ("priority = abs\n", "for size 1 it raised TypeError"),
    "another module's function": (
        "from random import random\ndef priority(item, bins):\n    return bins * random()\n",
        "uses random.random",
    ),
    "star import": ("from numpy import *\ndef priority(item, bins):\n    return exp(bins)\n", "imports everything"),
    "shadowed module": (
        "import numpy as np\nimport random as np\ndef priority(item, bins):\n    return np.random() * bins\n",
        "uses random.random",
    ),
    "decorated helper": (
        "import functools\n@functools.cache\ndef f(x):\n    return x\ndef priority(item, bins):\n    return bins\n",
        "functools",
    ),
    "mutable default that grows": (
        "def priority(item, bins, seen=[]):\n    seen.append(item)\n    return bins * len(seen)\n",
        "changes what the next call finds",
    ),
    "bins in a default": ("def priority(item, bins, seen={}):\n    seen[0] = bins\n    return bins\n", "keeps what it was given"),
    "closure": (
        "def make():\n    seen = []\n    def f(item, bins):\n        return bins * len(seen)\n    return f\npriority = make()\n",
        "keeps variables in a closure, f",
    ),
    "iterator": (
        "IT = reversed([1, 2])\ndef priority(item, bins):\n    return bins * next(IT)\n",
        "keeps a list_reverseiterator",
    ),
    "generator": ("IT = (k for k in (1, 2))\ndef priority(item, bins):\n    return bins\n", "keeps a generator"),
    "last item": (
        "LAST = {'item': 10}\ndef priority(item, bins):\n    w = LAST['item']\n    LAST['item'] = item\n    return bins * w\n",
        "changes what the next call finds",
    ),
    "nothing of that name": ("def other(item, bins):\n    return bins\npriority = None\n", "TypeError"),
    "fails among stand-ins": ("X = [][1]\ndef priority(item, bins):\n    return bins\n", "raised IndexError among stand-ins"),
}

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

STREAMS = [stream([3, 5, 2, 9, 7, 1, 4, 4, 6, 3, 2, 2, 8, 5, 1, 3], 10), stream([10, 1, 9, 2, 2, 5, 5, 3], 10)]


def module(body: str) -> str:
    """A candidate's source around the body of its rule."""
    lines = "\n".join(f"    {line}" for line in dedent(body).strip().splitlines())
    return f"{_TOP}{_HELPERS}{_MORE_HELPERS}\ndef priority(item, bins):\n{lines}\n"


def refusal(code: str, capacity: int = 10) -> str:
    """Why a rule is not shown to score by levels; empty if it is. What it fails on by itself counts as shown."""
    fault = ""
    try:
        rule = LevelRule(code, "priority")
        for size in range(1, capacity + 1):
            try:
                with np.errstate(all="ignore"):
                    rule.scores(size, np.arange(size, capacity + 1))
            except RULE_FAULTS as error:
                fault = f"raised {type(error).__name__}"
            else:
                fault = ""
    except NotByLevel as found:
        return str(found)
    return fault


@pytest.mark.parametrize("name", LEVEL)
def test_a_rule_that_scores_levels_is_recognised(name: str) -> None:
    """And packs the same bins by table as by the protocol, with both meanings of NaN."""
    code = module(LEVEL[name])
    for nan in ("error", "highest"):
        fast, plain, path = both_ways(code, STREAMS, nan=nan)
        assert fast == plain
        # A NaN that must not win, or a size that the rule fails on: the plain path shows where.
        assert path == ("plain" if fast[-1].error else "levels")


@pytest.mark.parametrize("name", STATELESS)
def test_a_module_that_keeps_nothing_is_no_hindrance(name: str) -> None:
    """Constants, aliases and defaults that no call changes are the same for every call."""
    fast, plain, path = both_ways(STATELESS[name], STREAMS)
    assert fast == plain
    assert path == "levels"


@pytest.mark.parametrize("name", LOOPS)
def test_a_rule_that_loops_over_the_bins_is_left_to_the_plain_path(name: str) -> None:
    """Though these score by level, nothing shows it: a loop may carry something from bin to bin."""
    code = module(LOOPS[name])
    assert refusal(code).endswith(("loops over the bins", "computes with the number of bins"))
    fast, plain, path = both_ways(code, STREAMS)
    assert fast == plain
    assert path == "plain"


@pytest.mark.parametrize("name", PLAIN)
def test_a_rule_that_looks_at_more_than_one_bin_is_not(name: str) -> None:
    """The reason names what it is; the streams are packed by the protocol."""
    body, reason = PLAIN[name]
    code = module(body)
    assert reason.removeprefix("for size 1 it ") in refusal(code)
    if name not in UNREPEATABLE:
        fast, plain, path = both_ways(code, STREAMS)
        assert fast == plain
        assert path == "plain"


@pytest.mark.parametrize("name", MODULES)
def test_a_module_that_may_keep_state_is_not(name: str) -> None:
    """What stands outside of the rule can spoil it too."""
    code, reason = MODULES[name]
    assert reason.removeprefix("for size 1 it ") in refusal(code)


def test_a_refusal_names_the_line() -> None:
    """Of the rule, whichever function of the library is refused."""
    assert refusal("import numpy as np\n\ndef priority(item, bins):\n    return -bins + np.cumsum(bins)\n") == (
        "line 4: uses np.cumsum on the bins"
    )


def test_the_rule_is_found_by_its_name_and_the_last_definition_counts() -> None:
    """As it does when the module is executed."""
    first = "def other(item, bins):\n    return bins[0]\ndef priority(item, bins):\n    return bins[0]\n"
    code = f"{first}def priority(item, bins):\n    return -bins\n"
    assert not refusal(code)
    with pytest.raises(NotByLevel, match="line 2: picks bins by position or order"):
        LevelRule(code, "other").scores(1, np.arange(1, 5))


def test_very_deep_code_is_left_to_the_plain_path() -> None:
    """It may be too deep to be read once more, though it was executed."""
    deep = "def priority(item, bins):\n    return " + "+".join(["bins"] * 3000) + "\n"
    assert "RecursionError" in refusal(deep)


def test_the_unopened_bin_is_what_makes_the_maximum_constant() -> None:
    """Even when every other bin is full: items that fill their bins leave the capacity offered to the last one."""
    code = module("return bins.max() - bins")
    fast, plain, path = both_ways(code, [stream([10] * 6, 10)])
    assert path == "levels"
    assert fast == plain
    assert np.unique(fast[0].bins).size == 6


def is_shown_at_once(body: str) -> bool:
    """Whether one call shows for all sizes that a rule scores by levels."""
    with np.errstate(all="ignore"):
        return LevelRule(module(body), "priority").is_shown_at_once(np.arange(1, 11))


@pytest.mark.parametrize(
    "body",
    [
        "return -(bins - item).astype(float)",
        "rest = bins - item\nreturn rest / (1e-9 + np.max(rest)) - (bins / bins.max()) ** (item / 2)",
        "s = np.where(bins > 2 * item, item, np.log(item) * bins)\ns[bins == item] = item ** 2\nreturn s",
        "s = np.full(len(bins), item)\ns += -item % 3\nreturn np.maximum(s, bins) - max(bins)",
        "x = bins.astype(float)\nreturn np.asarray(x).max() * bins + np.float64(2) * item",
    ],
)
def test_one_call_shows_it_for_all_sizes(body: str) -> None:
    """Where the rule decides by nothing."""
    assert is_shown_at_once(body)
    assert not refusal(module(body))


@pytest.mark.parametrize(
    "body",
    [
        "return -bins if item > 3 else bins",
        "for k in range(item):\n    bins = bins * k\nreturn bins",
        "return bins * [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11][item]",
        "return bins * len([0] * item) + len(item * [0])",
        "return bins * math.sqrt(item)",
        "return bins * {1: 2}.get(item, 3)",
        "return bins * (3 if item in (1, 2) else 4)",
        "return bins * max(item, 3)",
        "return bins * np.array([item, 3]).max()",
        "return bins * int(item)",
        "return bins if isinstance(item / 2, float) else -bins",
        "return bins if (bins ** (2 ** (item - 2))).dtype == float else -bins",
        "return bins if bins.max() > 5 else -bins",
        "bins *= -1\nreturn bins.max() - bins",
        "free = bins[:]\nfree *= -1\nreturn bins.max() - bins",
        "free = np.asarray(bins)\nnp.negative(bins, out=free)\nreturn bins.max() - bins",
        "np.nan_to_num(bins, False)\nreturn bins.max() - bins",
        "bins.fill(3)\nreturn bins.max() - bins",
        "bins[bins > 4] = 0\nreturn bins.max() - bins",
        "bins **= 2\nreturn bins.max() - bins",
        "s = bins * 1.0\ns[bins > item] = bins[bins > item]\nreturn s",
        "s = np.empty(len(bins))\ns[bins >= item] = 1\nreturn s",
        "s = np.empty_like(bins)\ns[bins >= item] = 1\nreturn s",
        "return bins / (item - 1) if False else bins * (1 / (item - 1))",
    ],
)
def test_one_call_does_not_show_it_for_all_sizes(body: str) -> None:
    """Where the item or entries may decide what happens next: then every size is asked."""
    assert not is_shown_at_once(body)
