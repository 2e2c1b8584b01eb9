"""Random functions with loops, written as models write them: scores from arrays, running sums, best-so-far, early exits."""

from hypothesis import strategies as st

__all__ = ["programs"]

_FLOATS = ("x", "y", "total", "a[i]", "a[k]", "b[i, k]", "b[k][i]", "1.5", "-0.25", "out[i]", "1e300", "float(i)", "W")
_WHOLES = ("i", "k", "n", "count", "w[i]", "w[k]", "len(w)", "3", "-2", "b.shape[1]", "a.size", "int(x)", "math.floor(y)")


def _either(one: st.SearchStrategy[str], other: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(one, other)


def _wholes() -> st.SearchStrategy[str]:
    def grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.builds("({} {} {})".format, inner, st.sampled_from(("+", "-", "*", "//", "%")), inner),
            st.builds("-{}".format, inner),
            st.builds("abs({})".format, inner),
            st.builds("{}({}, {})".format, st.sampled_from(("min", "max")), inner, inner),
            st.builds("({} if {} < {} else {})".format, inner, inner, inner, inner),
            st.builds("({})**2".format, inner),
        )

    return st.recursive(st.sampled_from(_WHOLES), grow, max_leaves=4)


def _floats() -> st.SearchStrategy[str]:
    def grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.builds("({} {} {})".format, inner, st.sampled_from(("+", "-", "*", "/")), _either(inner, _wholes())),
            st.builds("({} / {})".format, _wholes(), inner),
            st.builds("(-{})".format, inner),
            st.builds(
                "{}({})".format, st.sampled_from(("abs", "np.sqrt", "math.sqrt", "math.exp", "math.sin", "math.tanh")), inner
            ),
            st.builds("{}({}, {})".format, st.sampled_from(("min", "max")), inner, inner),
            st.builds("abs({}) ** {}".format, inner, st.sampled_from(("2", "0.5", "1.5", "-1", "y"))),
            st.builds("({} if {} > {} else {})".format, inner, inner, inner, inner),
        )

    return st.recursive(st.sampled_from(_FLOATS), grow, max_leaves=5)


def _conditions() -> st.SearchStrategy[str]:
    numbers = _either(_floats(), _wholes())
    single = st.builds("{} {} {}".format, numbers, st.sampled_from(("<", "<=", "==", "!=", ">", ">=")), numbers)
    return st.one_of(
        single, st.builds("{} and not {}".format, single, single), st.builds("{} or {}".format, single, single), _wholes()
    )


def _statements() -> st.SearchStrategy[list[str]]:
    plain = st.one_of(
        st.builds("total += {}".format, _floats()),
        st.builds("x = {}".format, _floats()),
        st.builds("y, x = x, {}".format, _floats()),
        st.builds("count = {}".format, _wholes()),
        st.builds("out[i] = {}".format, _either(_floats(), _wholes())),
        st.builds("out[k] -= {}".format, _floats()),
        st.builds("marks[i] = {}".format, _wholes()),
        st.builds("k = {} % n".format, _wholes()),
        st.builds("if {}: best, least = w[i], {}".format, _conditions(), _floats()),
        st.builds("if {}: continue".format, _conditions()),
        st.builds("if {}: break".format, _conditions()),
        st.builds("for k, z in enumerate(a): total += z * {}".format, _floats()),
        st.builds("for z, p in zip(a, w): count += p if z > {} else 1".format, _floats()),
    )
    return st.lists(plain, min_size=2, max_size=6)


_ANSWERS = ("out", "marks", "best", "int(count)", "float(total)", "np.argmin(out)", "out.max()")


@st.composite
def programs(draw: st.DrawFn) -> str:
    """The source of `f(a, w, b, x, n)`: a and w of shape (n,), b of shape (n, n), float64 but for w, which is int64."""
    body = "\n".join(f"        {line}" for line in draw(_statements()))
    simple = ("total", "x =", "y,", "count", "marks")
    after = next((line for line in draw(_statements()) if line.startswith(simple)), "pass")
    return (
        "import math\nimport numpy as np\nW = 0.75\n"
        "def f(a, w, b, x, n):\n"
        "    total, y, count, best, least, k = 0, 0.5, 0, -1, float('inf'), 0\n"
        "    x = x * 1.0\n"
        "    out = np.zeros(n)\n"
        "    marks = np.full(n, 1, dtype=int)\n"
        f"    for i in range(n):\n{body}\n"
        "    i = n - 1\n"
        f"    while k < n:\n        k += 1\n        if k >= n: break\n        {after}\n"
        f"    return {draw(st.sampled_from(_ANSWERS))}\n"
    )
