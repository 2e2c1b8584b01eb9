"""Tours as TSPLIB's `.tour` files."""

from collections.abc import Sequence

__all__ = ["tour_text"]


def tour_text(name: str, tour: Sequence[int], length: float) -> str:
    """Write a tour in TSPLIB's form.

    The nodes have the numbers that they have in a TSPLIB file, from 1.

    Args:
        name: Of the instance.
        tour: Cities from 0 in the order of visiting.
        length: Of the round trip.
    """
    shown = f"{length:.0f}" if length == int(length) else repr(length)
    head = [
        f"NAME : {' '.join(name.split())}.tour",
        f"COMMENT : Length {shown}",
        "TYPE : TOUR",
        f"DIMENSION : {len(tour)}",
        "TOUR_SECTION",
    ]
    return "\n".join([*head, *(str(city + 1) for city in tour), "-1", "EOF", ""])
