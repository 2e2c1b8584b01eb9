"""Hypothesis strategies for the source of rules that join levels, places and all bins, and for streams with many more bins than items."""

from hypothesis import strategies as st

from evoheur.problems.bin_packing_online.instance import BinPackingInstance

from .packing import stream


@st.composite
def roomy_streams(draw: st.DrawFn) -> list[BinPackingInstance]:
    """One or two short streams of one capacity; sums over their bins are halved several times."""
    capacity = draw(st.integers(1, 16))
    bins = draw(st.sampled_from([None, 40, 137, 300]))
    lists = st.lists(st.lists(st.integers(1, capacity), min_size=1, max_size=24), min_size=1, max_size=2)
    return [stream(items, capacity, bins=bins) for items in draw(lists)]


def _any_of(text: str) -> st.SearchStrategy[str]:
    return st.sampled_from([line.strip() for line in text.strip().splitlines()])


def _bodies(text: str) -> st.SearchStrategy[str]:
    return st.sampled_from([body.rstrip() for body in text.split("    ---\n")])


_NUMBERS = _any_of("0\n1\n2\n-1\n0.5\n-2.5\n1e-9\n7\nitem\n-0.0\nnp.inf\n100.0")

_LEVELS = _any_of("""
    bins
    free
    (bins - item)
    bins * 1.0
    np.sqrt(bins)
    1.0 / (free + 1)
    1.0 / free
    -free * 0.1
    (bins == item)
    -(bins * 0.0)
""")

_PLACES = _any_of("""
    np.arange(len(bins))
    index
    np.arange(1, len(bins) + 1)
    np.arange(len(bins), 0, -1)
    index / len(bins)
    np.exp(-index / len(bins))
    np.exp(-index / 10.0)
    np.log1p(index)
    0.9 ** index
    index % 3
    index // 7
    np.sin(index)
    np.linspace(1, 0, len(bins))
    np.linspace(-0.3, 0.7, len(bins))
    (index - len(bins) / 2) ** 2
    0 * index
    -0.0 * index
    1 / (1 + index)
    np.minimum(index, 20)
    (index < 5)
    np.tanh(index / 9.0)
""")

_OF_ALL = _any_of("""
    len(bins)
    np.sum(bins)
    bins.mean()
    np.mean(free)
    bins.min()
    free.max()
    np.std(bins)
    np.var(free)
    np.mean(np.sqrt(bins))
    np.sum(1.0 / (free + 1))
    np.std(1.0 / (free + 1))
    np.count_nonzero(bins == item)
    np.sum(free == 0)
    max(bins)
    sum(bins)
    index.max()
    index.mean()
    np.ptp(bins)
""")

_UNARY = _any_of("""
    -{}
    abs({})
    np.exp({})
    np.sqrt({})
    np.square({})
    np.floor({})
    np.tanh({})
    ({} ** 2)
    np.sign({})
""")

_BINARY = _any_of("""
    ({} + {})
    ({} - {})
    ({} * {})
    ({} / {})
    ({} < {})
    ({} >= {})
    np.minimum({}, {})
    np.maximum({}, {})
""")


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds(str.format, _UNARY, inner),
        st.builds(str.format, _BINARY, inner, inner),
        st.builds(str.format, _BINARY, inner, inner),
        st.builds("np.where({} < {}, {}, {})".format, inner, inner, inner, inner),
        st.builds("np.clip({}, -2, 3)".format, inner),
        st.builds("({} - np.max({}))".format, inner, inner),
    )


_EXPRESSIONS = st.recursive(st.one_of(_LEVELS, _LEVELS, _PLACES, _PLACES, _OF_ALL, _NUMBERS), _grown, max_leaves=7)

_BODIES = _bodies("""\
    return {a} + 0.0 * bins
    ---
    return {a} - free
    ---
    scores = free * 1.0
    scores[{p} > {n}] = {n}
    return scores - {a}
    ---
    scores = np.zeros(len(bins))
    scores += {a}
    scores[free == 0] += 3
    return scores
    ---
    if {s} > {n}:
        return {a} - free
    return free - {p}
    ---
    scores = -free + {p} * 0.01
    return (scores - scores.min()) / (scores.max() - scores.min() + 1e-9)
    ---
    scores = np.zeros_like(bins, dtype=float)
    near = free < 4
    scores[near] = (free + {p})[near]
    scores[~near] = -free[~near] * 0.5
    return scores
    ---
    scores = np.select([free == 0, free < 3], [{p}, {a}], default={n})
    scores[0] = {n}
    return scores + 0 * free
    ---
    scores = {p} - free
    return scores / np.max(np.abs(scores))
""")


@st.composite
def placed_rules(draw: st.DrawFn) -> str:
    """Source of a module that defines `priority(item, bins)`."""
    parts = {"a": draw(_EXPRESSIONS), "p": draw(_PLACES), "n": draw(_NUMBERS), "s": draw(_OF_ALL)}
    body = draw(_BODIES).format(**parts)
    return (
        "import numpy as np\n\ndef priority(item, bins):\n    free = bins - item\n    index = np.arange(len(bins))\n"
        + body
        + "\n"
    )
