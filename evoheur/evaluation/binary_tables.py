"""Tables of online problems on their way out of the guest.

Bytes that stand in a table go beside its JSON, as they are.
"""

from typing import Any

from evoheur.problem import Json, to_json

__all__ = ["held_table", "sent_table"]

_NAMES, _TABLE = "bytes", "table"


def sent_table(table: Any) -> tuple[dict[str, Json], bytes]:
    """Split a table into JSON and bytes; runs in the guest.

    Args:
        table: What `OnlineProblem.tabulate` gave: JSON, or a dictionary in which one value may be bytes.

    Returns:
        What an answer holds of it, and the bytes; none where there are none.
    """
    if not isinstance(table, dict):
        return {_TABLE: to_json(table)}, b""
    held = [name for name, value in table.items() if isinstance(value, bytes)]
    if len(held) != 1:
        return {_TABLE: to_json(table)}, b""
    (name,) = held
    return {_TABLE: to_json({key: value for key, value in table.items() if key != name}), _NAMES: name}, table[name]


def held_table(answer: Json, binary: bytes) -> Any:
    """The table of an untrusted answer, with its bytes.

    Args:
        answer: Anything; what `sent_table` gave, and more, if it is a table.
        binary: What came beside it.

    Returns:
        Any JSON; in a dictionary, bytes may be the value of one name. None if there is no table.
    """
    if not isinstance(answer, dict):
        return None
    table, name = answer.get(_TABLE), answer.get(_NAMES)
    return {**table, name: binary} if isinstance(table, dict) and isinstance(name, str) else table
