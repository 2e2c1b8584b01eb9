"""A function in tiers answers as the function itself does, whatever is decided about it."""

import math
import time
from typing import Any

import numpy as np
import pytest

from evoheur.evaluation.tiers.tiered import Tiers
from tests.evoheur.evaluation.tiers.running import bits, defined, in_both_tiers, tiered

NEAREST = """
def f(here, nodes, distances):
    best, least = -1, float("inf")
    for node in nodes:
        if distances[here, node] < least:
            best, least = node, distances[here, node]
    return best
"""
DIVIDES = """
def f(numbers, by):
    scores = 0.0
    for number in numbers:
        scores += number / by
    return scores
"""
DOUBLES = """
def f(times, start):
    number = start
    for _ in range(times):
        number = number * 2
    return number
"""


def _slow(*given: Any) -> Any:
    return [defined(NEAREST)(*given) for _ in range(3)][-1]


NODES, DISTANCES = np.arange(1, 60), np.random.default_rng(0).random((60, 60))


def test_a_loop_that_costs_more_than_compiling_is_compiled() -> None:
    function = in_both_tiers(NEAREST, [(0, NODES, DISTANCES)])
    assert function.compiled
    assert function.because == "its loops took longer than compiling them"


def test_a_loop_that_costs_less_is_not() -> None:
    function = tiered(NEAREST, cost=60.0)
    assert function(0, NODES, DISTANCES) == NODES[DISTANCES[0, NODES].argmin()]
    assert not function.compiled


def test_interpreting_ends_when_it_has_taken_as_long_as_compiling_would() -> None:
    """Ten calls of at least 10 ms each come to more than 50 ms after at least five; then it is compiled."""
    code = "import math\ndef f(n):\n    total = 0.0\n    for i in range(n):\n        total += i * 0.5\n    return total\n"
    function, start = tiered(code, cost=0.05), time.process_time()
    calls = 0
    while function._calls == calls and calls < 10_000:
        function(10_000)
        calls += 1
    assert calls < 10_000
    assert time.process_time() - start >= 0.05


def test_functions_without_a_loop_are_left_as_they_are() -> None:
    code = "import numpy as np\ndef f(a):\n    return np.array([x for x in a]).mean()\n"
    tiers = Tiers(code, {"f": defined(code)})
    assert tiers.functions["f"].__class__.__name__ in {"function", "Tiered"}  # Python 3.12 and later inline comprehensions
    plain = "def f(a):\n    return -a\n"
    function = defined(plain)
    assert Tiers(plain, {"f": function}).functions["f"] is function
    assert Tiers(plain, {"f": function}).notes() == {"tier": "interpreted", "tier_because": "it has no loops to compile"}


def test_notes_name_the_functions_where_there_are_several() -> None:
    code = NEAREST + "\ndef g(a):\n    for x in a:\n        return x\n"
    namespace: dict[str, object] = {}
    exec(code, namespace)
    tiers = Tiers(code, {name: namespace[name] for name in ("f", "g")}, cost=60.0)  # type: ignore[misc]
    told = tiers.notes()
    assert told["tier"] == "interpreted"
    assert told["tier_because"].startswith("f: its loops have not yet")
    assert "; g: its loops have not yet" in told["tier_because"]


@pytest.mark.parametrize("by", [0, 0.0, np.float64(0.0), np.int64(0)])
def test_division_by_zero_is_pythons_or_numpys(by: float) -> None:
    """Python's numbers raise, NumPy's make infinities: what stands in the array makes it NumPy's."""
    numbers = np.array([1.0, 2.0])
    function, plain = tiered(DIVIDES), defined(DIVIDES)
    with np.errstate(all="ignore"):
        for _ in range(6):
            assert bits(function(numbers, type(by)(3))) == bits(plain(numbers, type(by)(3)))
        assert bits(function(numbers, by)) == bits(plain(numbers, by))


def test_an_exception_is_pythons_own() -> None:
    code = "def f(a, n):\n    total = 0.0\n    for i in range(n):\n        total += a[i]\n    return float(total)\n"
    function = in_both_tiers(code, [(np.ones(9), 9)])
    assert function.compiled
    with pytest.raises(IndexError, match="index 9 is out of bounds for axis 0 with size 9") as caught:
        function(np.ones(9), 10)
    assert caught.traceback[-1].lineno == 3  # counted from 0: the candidate's own line
    assert caught.value.__context__ is None


def test_pythons_integers_do_not_wrap() -> None:
    """2^70 has no place in 64 bits."""
    function = in_both_tiers(DOUBLES, [(3, 5)])
    assert function.compiled
    assert function(70, 1) == 2**70
    assert function(3, 2**62) == 2**65


def test_numpys_integers_do() -> None:
    function = in_both_tiers(DOUBLES, [(3, np.int64(5))])
    assert function.compiled
    with np.errstate(all="ignore"):
        assert bits(function(63, np.int64(3))) == (np.int64, np.int64(-(2**63)))  # 3 · 2^63 modulo 2^64


def test_calls_that_are_always_beyond_what_is_exact_end_compiling() -> None:
    function = in_both_tiers(DOUBLES, [(3, 5)])
    for _ in range(100):
        assert function(70, 1) == 2**70
    assert not function.compiled
    assert function.because.startswith("too many calls")


def test_arguments_of_another_form_are_interpreted() -> None:
    """A float for an integer, another dtype, another memory order, more dimensions, a keyword."""
    code = "def f(a, k):\n    total = 0\n    for x in a:\n        total = x * k\n    return total\n"
    plain, function = defined(code), in_both_tiers(code.replace("total = 0", "total = a[0]"), [(np.arange(5), 2)])
    assert function.compiled
    for a, k in [
        (np.arange(5), 2.5), (np.arange(5.0), 2), (np.arange(10)[::2], 2), (np.arange(5, dtype=np.int32), 2),
        (np.ones((3, 2)), 2), ([1, 2], 2), (np.arange(5), np.int64(2)), (np.arange(5), True),
    ]:  # fmt: skip
        assert bits(function(a, k)) == bits(plain(a, k))
        assert bits(function(a, k=k)) == bits(plain(a, k))


def test_a_difference_ends_compiling_for_good() -> None:
    """A compiled function that is wrong is found by the trial; its answer is never used."""
    plain = defined(NEAREST)
    function = tiered(NEAREST, compiler=lambda _translation, _arguments: lambda *_: 7)
    for _ in range(6):
        assert function(0, NODES, DISTANCES) == plain(0, NODES, DISTANCES) != 7
    assert function.because == "its results differed when it was compiled"


def test_a_difference_that_shows_later_is_found_at_a_power_of_two() -> None:
    """Right for its first 20 calls, wrong from then on: the 32nd call is looked at again."""
    plain = defined(NEAREST)
    numbers = iter(range(1000))
    function = tiered(
        NEAREST, compiler=lambda _translation, _arguments: lambda *given: plain(*given) if next(numbers) < 20 else 7
    )
    answers = [function(0, NODES, DISTANCES) for _ in range(64)]
    assert 7 in answers[20:32]
    assert set(answers[32:]) == {plain(0, NODES, DISTANCES)}
    assert function.because == "its results differed when it was compiled"


def test_a_fault_of_the_compiler_is_not_the_candidates() -> None:
    def broken(_translation: object, _arguments: object) -> Any:
        raise AssertionError("the compiler's fault")

    function = tiered(NEAREST, compiler=broken)
    assert function(0, NODES, DISTANCES) == function(0, NODES, DISTANCES)
    assert function.because == "it could not be compiled (AssertionError)"


def test_a_compiled_function_that_is_no_quicker_is_interpreted() -> None:
    function = tiered(NEAREST, cost=1e-9, compiler=lambda _translation, _arguments: _slow)
    for _ in range(100):  # the trial wants a few milliseconds of it
        function(0, np.tile(NODES, 50), DISTANCES)
    assert function.because == "it is no quicker when compiled"


def test_constants_that_stand_in_for_a_node_stay_pythons() -> None:
    """-1 in the source is an int, a node out of an array a numpy.int64; None stays None."""
    none_yet = NEAREST.replace("best, least = -1", "best, least = None").replace("if distances", "if best is None or distances")
    for code, missing in ((NEAREST, -1), (none_yet, None)):
        function = in_both_tiers(code, [(0, NODES, DISTANCES)])
        assert function.compiled
        assert type(function(0, NODES, DISTANCES)) is np.int64
        assert bits(function(0, NODES[:0], DISTANCES)) == (type(missing), missing)


@pytest.mark.parametrize("special", [math.nan, math.inf, -math.inf, -0.0, 5e-324, 1.7976931348623157e308])
def test_special_floats(special: float) -> None:
    code = """
import numpy as np
def f(a, x):
    out = np.zeros(a.size)
    for i, y in enumerate(a):
        z = max(min(y, x), -x) if y > x else abs(y) - x * y
        out[i] = z if not z else -z + y * x
    return out
"""
    values = np.array([math.nan, math.inf, -math.inf, 0.0, -0.0, 1.5, -2.5, 5e-324, 1.7976931348623157e308])
    function, plain = in_both_tiers(code, [(values[5:7], 1.25)]), defined(code)
    assert function.compiled
    with np.errstate(all="ignore"):
        for one in values:
            assert bits(function(np.array([one, special]), special)) == bits(plain(np.array([one, special]), special))
