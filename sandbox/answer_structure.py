"""Limits on the structure of an answer.

Lists and objects are counted in its bytes, before anything is built. A candidate may answer `[[],[],[],…]`: three bytes each, and an
object of 56 bytes on the trusted side, made while the interpreter's lock is held and every other evaluation waits. Counting brackets
takes a hundredth of the time of reading them.
"""

__all__ = ["TooIntricate", "check_containers", "check_structure", "count_containers"]

_FEWEST = 50_000  # containers that any answer may have: some megabytes, some hundredths of a second
_BYTES_EACH = 16  # of the answer that is allowed, for each further container


class TooIntricate(Exception):
    """An answer of too many lists and objects.

    It has more of them than one of its size can need; nothing was built of it.
    """


def count_containers(data: bytes) -> int:
    """Count the lists and objects of a JSON text.

    This is an upper bound: brackets inside strings count too.
    """
    return data.count(b"[") + data.count(b"{")


def check_structure(data: bytes, *, output_bytes: int) -> None:
    """See that an answer is not made of brackets.

    Args:
        data: JSON, or what should be.
        output_bytes: Largest answer that was allowed.

    Raises:
        TooIntricate: It has more lists and objects than are allowed.
    """
    check_containers(count_containers(data), output_bytes=output_bytes)


def check_containers(found: int, *, output_bytes: int) -> None:
    """See that answers are not made of brackets.

    They may come in any number of frames.

    Args:
        found: How many lists and objects there are at the most.
        output_bytes: Largest answer that was allowed.

    Raises:
        TooIntricate: They are more than are allowed.
    """
    allowed = max(_FEWEST, output_bytes // _BYTES_EACH)
    if found > allowed:
        raise TooIntricate(f"an answer of up to {found} lists and objects came, {allowed} are allowed")
