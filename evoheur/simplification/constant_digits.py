"""The constants of a heuristic with fewer digits."""

from collections.abc import Iterator

from evoheur.generation.tuning.tunable_constants import find_constants

__all__ = ["with_fewer_digits"]

_MOST_DIGITS = 6


def with_fewer_digits(code: str, place: int) -> Iterator[tuple[str, str]]:
    """The source with one constant rounded: to one significant digit, to two, and so on.

    Nothing for a constant that has one significant digit, or for a number that counts, indexes or names an axis.

    Args:
        code: Source that parses.
        place: Which of its constants, from 0.

    Yields:
        The source, and words for what became of the constant.
    """
    constants = find_constants(code)
    if place >= len(constants):
        return
    constant, source = constants[place], code.encode()
    text = source[constant.start : constant.stop].decode()
    is_whole = text.isdecimal()
    tried: set[float] = set()
    for digits in range(1, _MOST_DIGITS + 1):
        value = float(f"{constant.value:.{digits}g}")
        if value == constant.value:
            return
        if value not in tried:
            tried.add(value)
            written = str(int(value)) if is_whole else repr(value)
            changed = source[: constant.start] + written.encode() + source[constant.stop :]
            yield changed.decode(), f"{text} becomes {written}"
