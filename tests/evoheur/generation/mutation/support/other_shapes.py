"""Functions of other shapes than online packing has, with inputs to run candidates on: a choice, a matrix, a guide, and two at once."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.generation.mutation.breeding import Breeder, Parent
from evoheur.generation.mutation.typed_signature import Signature, baseline_source, read_signature
from tests.evoheur.generation.mutation.support.running import defined

__all__ = ["CHOICE", "GUIDE", "PAIR", "PAIRS", "PROMISE", "Shape", "insert", "next_stop", "penalise", "promise", "remove"]


def next_stop(
    here: int, home: int, waiting: NDArray[np.int64], room: int, sizes: NDArray[np.int64], lengths: NDArray[np.float64]
) -> int:
    """Choose the next stop.

    Args:
        here: The stop where the van is.
        home: The stop where it has to end.
        waiting: Stops that can be next, shape (waiting,).
        room: Free room in the van.
        sizes: What each stop takes, shape (stops,).
        lengths: Of the ways between stops, shape (stops, stops).

    Returns:
        One of `waiting`.
    """
    return int(waiting[np.argmin(lengths[here][waiting])])


def promise(
    lengths: NDArray[np.float64], places: NDArray[np.float64], sizes: NDArray[np.int64], room: int
) -> NDArray[np.float64]:
    """Say how promising every way is.

    Args:
        lengths: Of the ways, shape (n, n).
        places: Coordinates, shape (n, 2).
        sizes: What each stop takes, shape (n,).
        room: In every van.

    Returns:
        A promise per way, shape (n, n).
    """
    return 1 / (lengths + 1e-9)


def penalise(lengths: NDArray[np.float64], tour: NDArray[np.int64], penalties: NDArray[np.int64]) -> NDArray[np.float64]:
    """Say which ways of a tour to avoid.

    Args:
        lengths: Of the ways, shape (n, n).
        tour: Positions of the stops in their order, shape (n,).
        penalties: How often each way was avoided before, shape (n, n).

    Returns:
        A score per way, shape (n, n).
    """
    return lengths / (1.0 + penalties)


def remove(seed: int, lengths: NDArray[np.float64], noise: NDArray[np.float64]) -> NDArray[np.float64]:
    """Score the stops for leaving.

    Args:
        seed: Position of the stop to begin with.
        lengths: Between stops, shape (n, n).
        noise: Random numbers, shape (n,).

    Returns:
        A score per stop, shape (n,).
    """
    return noise - lengths[seed]  # type: ignore[no-any-return]


def insert(sizes: NDArray[np.int64], detours: NDArray[np.float64]) -> NDArray[np.float64]:
    """Score the stops that left.

    Args:
        sizes: What each takes, shape (left,).
        detours: What each would add, shape (left,).

    Returns:
        A score per stop, shape (left,).
    """
    return sizes.astype(float)


_RNG = np.random.default_rng(1)
_PLACES = _RNG.random((7, 2))
_LENGTHS = np.hypot(*(_PLACES[:, None] - _PLACES).T)  # 0 on the diagonal, below 1.5 elsewhere
_SIZES = np.array([0, 3, 1, 9, 4, 4, 2])


class Shape:
    """A problem's functions, what to call them with, and what comes back."""

    def __init__(self, functions: Sequence[Callable[..., Any]], inputs: Sequence[tuple[Any, ...]]) -> None:
        self.signatures: list[Signature] = [read_signature(function, nonnegative=True) for function in functions]
        self.baseline = baseline_source(functions)
        self.inputs = inputs

    def breeder(self) -> Breeder:
        """Breeds candidates of this shape."""
        return Breeder(self.signatures, self.baseline, max_nodes=60, order_terms=None)

    def parent(self) -> Parent:
        """The problem's own file."""
        return Parent("the baseline", self.baseline)

    def runs(self, code: str) -> bool:
        """True if every function gives something finite of the right shape, or one of what it is offered."""
        with np.errstate(all="ignore"):
            for signature, arguments in zip(self.signatures, self.inputs, strict=True):
                copies = [argument.copy() if isinstance(argument, np.ndarray) else argument for argument in arguments]
                try:
                    answer = defined(code, signature.name)(*copies)
                except (ArithmeticError, LookupError, NameError, TypeError, ValueError):
                    return False
                if not self._is_sound(signature, answer, arguments):
                    return False
                if any(not np.array_equal(given, after) for given, after in zip(arguments, copies, strict=True)):
                    return False
        return True

    def _is_sound(self, signature: Signature, answer: Any, arguments: tuple[Any, ...]) -> bool:
        if signature.returns is None:
            return type(answer) is int and answer in arguments[2]
        wanted = {"(n,n)": (7, 7), "(n,)": (7,), "(left,)": (3,)}[signature.returns.shape]
        return np.shape(answer) == wanted and bool(np.isfinite(answer).all())


CHOICE = Shape([next_stop], [(2, 0, np.array([1, 3, 4, 6]), 11, _SIZES, _LENGTHS)])
PROMISE = Shape([promise], [(_LENGTHS, _PLACES, _SIZES, 20)])
GUIDE = Shape([penalise], [(_LENGTHS, np.array([3, 1, 4, 0, 2, 6, 5]), np.arange(49).reshape(7, 7) % 3)])
PAIR = Shape([remove, insert], [(4, _LENGTHS, _RNG.random(7)), (_SIZES[:3], _RNG.random(3))])
PAIRS: dict[str, Shape] = {"choice": CHOICE, "matrix": PROMISE, "guide": GUIDE, "two functions": PAIR}
