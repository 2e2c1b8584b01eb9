"""Packings as text: a line per bin.

The routing community writes routes so.
"""

from collections.abc import Sequence

from evoheur.problem import Infeasible

__all__ = ["packing_text", "read_packing"]


def packing_text(assignment: Sequence[int]) -> str:
    """Write a line for every bin, and their number.

    "Bin #1: 1 4 7" for every bin in the order of their first items, then "Bins 12"; items count from 1 in the file's order.

    Args:
        assignment: Bin of each item.
    """
    bins: dict[int, list[int]] = {}
    for item, chosen in enumerate(assignment, start=1):
        bins.setdefault(chosen, []).append(item)
    lines = [f"Bin #{number}: {' '.join(map(str, items))}" for number, items in enumerate(bins.values(), start=1)]
    return "\n".join([*lines, f"Bins {len(bins)}", ""])


def read_packing(text: str) -> list[int]:
    """Bin of each item, counted from 0, from what `packing_text` writes.

    Raises:
        Infeasible: It is no such text, or an item is packed twice or never.
    """
    *lines, last = text.splitlines() or [""]
    chosen: dict[int, int] = {}
    for number, line in enumerate(lines):
        head, colon, items = line.partition(":")
        if head != f"Bin #{number + 1}" or not colon:
            raise Infeasible(f"line {number + 1} is {line!r:.60}, not 'Bin #{number + 1}: …'")
        for word in items.split():
            if not word.isdecimal() or int(word) in chosen:
                raise Infeasible(f"item {word!r:.60} in bin {number + 1} is no number, or is packed twice")
            chosen[int(word)] = number
    if last != f"Bins {len(lines)}":
        raise Infeasible(f"the last line is {last!r:.60}, not 'Bins {len(lines)}'")
    if sorted(chosen) != list(range(1, len(chosen) + 1)):
        raise Infeasible(f"the items are not numbered 1 to {len(chosen)}")
    return [chosen[item] for item in range(1, len(chosen) + 1)]
