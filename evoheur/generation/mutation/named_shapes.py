"""Shapes of arrays by the names of their dimensions.

"(n,n)" is a square matrix, "(n,1)" a column that broadcasts over it.
"""

from functools import lru_cache

__all__ = ["ANY_SHAPE", "broadcast", "dimensions", "is_flat", "shape_of"]

ANY_SHAPE = "(...)"
"""Of an array about which nothing is said: all such arrays are taken to be of one shape."""


@lru_cache(maxsize=512)
def dimensions(shape: str) -> tuple[str, ...]:
    """The names in a shape as docstrings spell it.

    ("n", "2") for "(n, 2)", nothing for a scalar's "".
    """
    return tuple(part.strip() for part in shape.strip("()").split(",") if part.strip())


def shape_of(names: tuple[str, ...]) -> str:
    """The shape with these dimensions, spelled like Python's tuples, without spaces."""
    if names == ("...",):
        return ANY_SHAPE
    if not names:
        return ""
    return f"({names[0]},)" if len(names) == 1 else f"({','.join(names)})"


def is_flat(shape: str) -> bool:
    """True for vectors of known dimension."""
    return shape != ANY_SHAPE and len(dimensions(shape)) == 1


@lru_cache(maxsize=4096)
def broadcast(first: str, second: str) -> str | None:
    """The shape of an operation on two arrays.

    By NumPy's rules; None if their dimensions do not fit.
    """
    if first == second or not second:
        return first
    if not first:
        return second
    if ANY_SHAPE in (first, second):
        return None
    left, right = dimensions(first), dimensions(second)
    length = max(len(left), len(right))
    left, right = ("1",) * (length - len(left)) + left, ("1",) * (length - len(right)) + right
    if any(a != b and "1" not in (a, b) for a, b in zip(left, right, strict=True)):
        return None
    return shape_of(tuple(b if a == "1" else a for a, b in zip(left, right, strict=True)))
