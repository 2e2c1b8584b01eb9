"""Symmetries of a problem: changes of an instance that leave its solutions what they are.

In other units, or with the map turned, a problem is the same one. A problem that says so has its rules tried: one that solves the changed
instance another way depends on what should not matter, and would fall apart on somebody's own data.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np

from evoheur.answer_checks import Json
from evoheur.errors import ConfigError

__all__ = ["Symmetry", "scaled"]

InstanceT = TypeVar("InstanceT")


def _as_it_is(_instance: Any, solution: Json) -> Json:
    return solution


@dataclass(frozen=True, slots=True, kw_only=True)
class Symmetry(Generic[InstanceT]):
    """A change of an instance that leaves its solutions what they are.

    Attributes:
        name: Says what is changed, such as "coordinates × 1024".
        change: Instance → the same one changed, under the same name and family; both are valid instances of the problem.
        back: (instance, solution of the changed one) → that solution as one of the instance; the same where no part is renumbered.
    """

    name: str
    change: Callable[[InstanceT], InstanceT]
    back: Callable[[InstanceT, Json], Json] = _as_it_is


def scaled(*fields: str, by: float) -> Symmetry[Any]:
    """Other units: fields of the instance that are multiplied.

    Give a power of two, such as 1024, where fields are real numbers: only the exponents change then, so that a rule that is free of units
    computes the same to the last bit, and none is refused for rounding. Whole numbers stay whole by a whole factor, such as 10.

    Args:
        *fields: Numbers or arrays, by their names; None stays None.
        by: The factor, above 0.

    Raises:
        ConfigError: Nothing is named, or the factor is not above 0; when it is used, that an instance has no such field.

    Example:
        >>> scaled("demands", "capacity", by=10).name
        'demands and capacity × 10'
    """
    if not fields or not by > 0:
        raise ConfigError(
            f"scaled({', '.join(map(repr, fields))}, by={by!r}): name at least one field, and give a factor above 0."
        )

    def change(instance: Any) -> Any:
        known = [each.name for each in dataclasses.fields(instance)]
        for name in fields:
            if name not in known:
                raise ConfigError(f"A symmetry scales {name!r}, but instances have {', '.join(known)}; correct the name.")
        return dataclasses.replace(instance, **{name: _times(getattr(instance, name), by) for name in fields})

    return Symmetry(name=f"{' and '.join(fields)} × {by:g}", change=change)


def _times(value: Any, by: float) -> Any:
    if value is None:
        return None
    if isinstance(value, tuple):
        return tuple(_times(each, by) for each in value)
    return value * by if isinstance(value, (int, float, np.ndarray)) else _refused(value)


def _refused(value: Any) -> Any:
    raise ConfigError(f"A symmetry scales {value!r:.60}, which is no number; name fields with numbers.")
