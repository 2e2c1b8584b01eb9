"""Hypothesis strategies for short streams and for the source of rules: most score levels, some do not, some fail."""

from hypothesis import strategies as st

from evoheur.problems.bin_packing_online.instance import BinPackingInstance

from .packing import stream


@st.composite
def streams(draw: st.DrawFn) -> list[BinPackingInstance]:
    """One to three short streams of one capacity, with many equal sizes."""
    capacity = draw(st.integers(1, 24))
    sizes = st.integers(1, capacity)
    return [stream(items, capacity) for items in draw(st.lists(st.lists(sizes, min_size=1, max_size=30), min_size=1, max_size=3))]


def _any_of(text: str) -> st.SearchStrategy[str]:
    return st.sampled_from([line.strip() for line in text.strip().splitlines()])


def _bodies(text: str) -> st.SearchStrategy[str]:
    return st.sampled_from([body.rstrip() for body in text.split("    ---\n")])


_NUMBERS = _any_of("0\n1\n2\n3\n-1\n0.5\n-2.5\n1e-9\n7\nitem\nnp.inf\nnp.nan\nTrue\n2.0 ** 53")

_LEVEL_ARRAYS = _any_of("""
    bins
    bins
    free
    (bins - item)
    bins.astype(float)
    np.asarray(bins, dtype=float)
    bins.copy()
    np.ones(len(bins))
""")

_MAXIMA = _any_of("bins.max()\nnp.min(-bins)\nnp.max(bins)\nmax(bins)\nnp.max(bins - item)\nfree.max()")

_NOT_LEVEL = _any_of("""
    len(bins)
    bins.min()
    np.mean(bins)
    np.arange(len(bins))
    bins[0]
    bins[-1]
    bins[::-1]
    np.cumsum(bins)
    np.argsort(bins)
    np.unique(bins).size
    np.sum(free)
    bins.argmax()
    np.roll(bins, 1)
    np.interp(bins, [1, 9], [0, 1])
    np.diff(bins, prepend=0)
    np.sort(free)
    (bins == item).any()
    np.random.rand(len(bins)).round()
    np.max(free - bins * 0.5)
    np.max(-bins)
    np.max(bins % 3)
    bins.std()
""")

_UNARY = _any_of("""
    -{}
    +{}
    abs({})
    np.exp({})
    np.log({})
    np.log1p({})
    np.sqrt({})
    np.sign({})
    np.tanh({})
    np.floor({})
    np.square({})
    np.sin({})
    np.arctan({})
    np.isnan({})
    np.nan_to_num({})
    np.round({})
    np.reciprocal({})
    np.cbrt({})
""")

_BINARY = _any_of("""
    ({} + {})
    ({} - {})
    ({} * {})
    ({} / {})
    ({} // {})
    ({} % {})
    ({} ** {})
    ({} < {})
    ({} == {})
    np.minimum({}, {})
    np.maximum({}, {})
    np.power({}, {})
    np.hypot({}, {})
    np.fmod({}, {})
    np.logical_or({}, {})
    np.isclose({}, {})
    np.arctan2({}, {})
""")


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds(str.format, _UNARY, inner),
        st.builds(str.format, _BINARY, inner, inner),
        st.builds("np.where({} < {}, {}, {})".format, inner, inner, inner, inner),
        st.builds("np.clip({}, {}, {})".format, inner, _NUMBERS, _NUMBERS),
        st.builds(
            "np.select([{} > {}, {} == {}], [{}, {}], default={})".format, inner, inner, inner, inner, inner, inner, _NUMBERS
        ),
        st.builds("({} if item > {} else {})".format, inner, _NUMBERS, inner),
        st.builds("shaped({}, {})".format, inner, inner),
    )


def _expressions(*, pure: bool) -> st.SearchStrategy[str]:
    leaves = [_LEVEL_ARRAYS, _LEVEL_ARRAYS, _NUMBERS, _MAXIMA]
    return st.recursive(st.one_of(leaves if pure else [*leaves, _NOT_LEVEL]), _grown, max_leaves=6)


_FREE = _any_of("bins - item\nbins\nbins * 1.0\n-bins\nnp.asarray(bins)\nbins[:]")

_OF_BIN = _any_of("""
    b
    b - item
    -b
    1.0 / (b - item)
    b % 3
    b * item
    (b - item) ** 2
    math.sqrt(b)
    min(b, 2 * item)
    int(b) // 2
    math.exp(-b)
    0.5
    float('nan')
    b if b > item else 0.5
    2 ** 53 + b
    -(2.0 ** 53)
    b == item
    abs(b - 5)
""")

_ARRAY_BODIES = _bodies("""\
    return {a}
    ---
    scores = {a}
    scores[free > {n}] = {n}
    return scores
    ---
    scores = np.zeros(len(bins))
    mask = bins > {n}
    scores[mask] = (free * {n} + bins)[mask]
    scores[~mask] = {n}
    return scores
    ---
    scores = np.zeros_like(bins, dtype=float)
    scores[free == 0] += {n}
    scores += {a}
    return scores
    ---
    bins -= item
    return {a}
    ---
    free *= {n}
    return {a}
    ---
    scores = np.empty_like(bins, dtype=float)
    scores[:] = {a}
    scores /= bins.max()
    return scores
    ---
    score = 0
    for k in range(3):
        score = score + ({a}) * k
    return score
    ---
    if item > {n}:
        return {a}
    return -({a})
    ---
    if len(bins) == 0:
        return np.array([])
    with np.errstate(divide='ignore'):
        return {a}
    ---
    other = free[:]
    other -= {n}
    np.multiply({a}, free, out=other, where=bins > {n})
    return free
    ---
    scores = {a}
    part = scores[bins > {n}]
    part *= free[bins > {n}]
    part[part > 2] = {n}
    scores[bins > {n}] = part
    return scores
    ---
    other = np.asarray(free)
    other **= {n}
    scores = np.asarray({a}, dtype=float)
    scores **= 0.5
    return scores - other.ravel()
    ---
    scores = np.array({a}, dtype=float)
    if np.isnan(scores).any() or not np.all(scores < {n}):
        return free
    return scores / scores.max() + scores.min()
    ---
    scores = {a}
    sub = free[free > 1]
    free -= 1
    scores[free > 1] = sub
    return scores
    ---
    other = bins
    other += 1
    return bins.max() - {a}
    ---
    out = np.zeros(bins.shape)
    np.divide({a}, free, out=out, where=free != 0)
    return out
    ---
    scores = {a}
    scores[0] = {n}
    return scores
    ---
    scores = {a}
    scores[1:] -= scores[:-1]
    return scores
    ---
    scores = {a}
    scores[bins - bins] = {n}
    return scores
    ---
    for limit, weight in ((2, {n}), (5, 1.5)):
        if item < limit:
            break
        free = free * weight
    return {a}
""")

_LOOP_BODIES = _bodies("""\
    return [{f} for b in bins]
    ---
    return np.array([{f} for b in bins])
    ---
    return np.array([{f} for b in bins], dtype=float)
    ---
    return np.array([{f} for b in bins]) * 0.5
    ---
    return np.array([{f} for b in bins]).astype(int) // 2
    ---
    return np.fromiter(({f} for b in bins), dtype=float, count=len(bins))
    ---
    return np.array([{f} if b > item else {g} for b in bins])
    ---
    scores = []
    for b in bins:
        if b > 2 * item:
            scores.append({f})
        else:
            scores.append({g})
    return scores
    ---
    scores = np.zeros(len(bins))
    for i, b in enumerate(bins):
        if b == item:
            scores[i] = {f}
            continue
        scores[i] = {g}
    return scores
    ---
    scores = np.zeros_like(bins)
    for i in range(len(bins)):
        b = bins[i]
        scores[i] = {f}
    return scores
    ---
    scores = [0] * len(bins)
    for i in range(len(bins)):
        b = bins[i]
        w = {f}
        for k in range(2):
            w = w + k * {g}
        scores[i] = w
    return scores
    ---
    scores = np.empty(len(bins))
    for i, b in enumerate(bins):
        scores[i] = scored(b, item)
    return scores
    ---
    scores = np.zeros(len(bins))
    for i, (b, c) in enumerate(zip(bins, free)):
        if b > item:
            w = {f}
        else:
            w = {g}
        scores[i] += w * c
    return scores
    ---
    for i, b in enumerate(bins):
        bins[i] = {f}
    return bins.max() - bins
    ---
    scores = np.zeros(len(bins))
    w = 0
    for i, b in enumerate(bins):
        if b > item:
            w = {f}
        scores[i] = w
    return scores
    ---
    scores = np.zeros(len(bins))
    for i, b in enumerate(bins):
        scores[i] = {f}
        if b == item:
            break
    return scores
    ---
    scores = []
    for i, b in enumerate(bins):
        scores.append({f} + i)
    return scores
    ---
    scores = []
    for b in bins:
        scores.append({f})
        if b == item:
            scores.append({g})
    return scores[:len(bins)]
    ---
    seen = []
    scores = []
    for b in bins:
        scores.append(0 if b in seen else 1)
        seen.append(b)
    return scores
    ---
    scores = np.zeros(len(bins))
    for i in range(1, len(bins)):
        b = bins[i - 1]
        scores[i] = {f}
    return scores
    ---
    scores = np.zeros(len(bins))
    for i, b in enumerate(bins):
        scores[i] = {f}
    return scores - b
""")

_PRELUDE = """\
import math
import numpy as np

STEPS = (3, 8)

def shaped(x, y):
    low, high = STEPS
    return np.where(x > low, y, high - x)

def scored(b, item):
    if b - item in STEPS:
        return 2.0
    return -1.5 * b if b > item else 0

"""


@st.composite
def rules(draw: st.DrawFn, *, loops: bool = True) -> str:
    """Source of a module that defines `priority(item, bins)`; half of them loop over the bins, if that is wanted."""
    if not loops or draw(st.booleans()):
        pure = draw(st.integers(0, 3)) > 0
        body = draw(_ARRAY_BODIES).format(a=draw(_expressions(pure=pure)), n=draw(_NUMBERS))
    else:
        body = draw(_LOOP_BODIES).format(f=draw(_OF_BIN), g=draw(_OF_BIN))
    return f"{_PRELUDE}def priority(item, bins):\n    free = {draw(_FREE)}\n{body}\n"
