"""Functions of NumPy on stand-ins for the offered bins, and the methods of arrays that are the same."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .level_entries import unwritten
from .level_grid import NotByLevel
from .offer import Offer, is_by_level
from .offered_array import OfferedArray, OfferedCell, meeting, operand
from .offered_number import OfferedNumber

__all__ = ["FUNCTIONS", "METHODS", "filled", "offer_of", "total"]


def offer_of(values: Sequence[Any]) -> Offer | None:
    """The offer that stand-ins among values belong to."""
    return next((each.offer for each in values if isinstance(each, (OfferedArray, OfferedNumber))), None)


def filled(offer: Offer, value: Any, dtype: Any = None) -> OfferedArray:
    """An array with one number for every bin, as np.full makes it."""
    number = operand(value)
    if is_by_level([number]):
        return OfferedArray(OfferedCell(np.full(offer.levels.size, number, dtype=dtype)), offer)
    made = OfferedArray(OfferedCell(offer.where(np.ones(offer.levels.size, dtype=np.bool_), number, number)), offer)
    return made if dtype is None else made.astype(dtype)


def total(value: OfferedArray) -> Any:
    """The sum of all entries, as np.sum gives it."""
    return _reduced("sum", value)


def _joined(offer: Offer, name: str, *values: Any) -> OfferedArray:
    plain = [operand(each) for each in values]
    return OfferedArray(OfferedCell(offer.step(name, *plain)), offer, meeting(values))


def _own(values: Sequence[Any]) -> Offer:
    offer = offer_of(values)
    assert offer is not None, "NumPy asks only where there is a stand-in among the operands"
    return offer


def _alone(function: Callable[..., Any], *values: Any, **named: Any) -> OfferedArray | None:
    # Numbers by level, computed by NumPy itself; None if a formula has to.
    plain = [operand(each) for each in values]
    more = {name: operand(each) for name, each in named.items()}
    if not is_by_level([*plain, *more.values()]):
        return None
    picked = meeting([*values, *named.values()])
    offer = _own([*values, *named.values()])
    result = function(*plain, **more)
    if not isinstance(result, np.ndarray) or result.shape != offer.levels.shape:
        raise NotByLevel(f"uses np.{function.__name__} for something else than one number per bin")
    return OfferedArray(OfferedCell(result), offer, picked)


def _where(condition: Any, one: Any, two: Any) -> OfferedArray | OfferedNumber:
    values = (condition, one, two)
    alone = _alone(np.where, *values) if any(isinstance(each, OfferedArray) for each in values) else None
    if alone is not None:
        return alone
    offer = _own(values)
    made = offer.where(*(operand(each) for each in values))
    return OfferedArray(OfferedCell(made), offer, meeting(values)) if made.vector else OfferedNumber(made, offer)


def _clip(value: Any, a_min: Any = None, a_max: Any = None, **named: Any) -> Any:
    low, high = named.pop("min", a_min), named.pop("max", a_max)
    if named or not isinstance(value, OfferedArray):
        raise NotByLevel("uses np.clip in an unusual way")
    alone = _alone(np.clip, value, low, high)
    if alone is not None:
        return alone
    for name, bound in (("maximum", low), ("minimum", high)):
        value = value if bound is None else _joined(value.offer, name, value, bound)
    return value


def _select(conditions: Sequence[Any], choices: Sequence[Any], default: Any = 0) -> OfferedArray:
    values = [*conditions, *choices, default]
    meeting(values)
    offer = _own(values)
    if is_by_level([operand(each) for each in values]):
        result = np.select([operand(each) for each in conditions], [operand(each) for each in choices], operand(default))
        return OfferedArray(OfferedCell(result), offer, meeting(values))
    made = operand(default)
    for condition, choice in zip(reversed(conditions), reversed(choices), strict=True):
        made = offer.where(operand(condition), operand(choice), made)
    return OfferedArray(OfferedCell(offer.flat(made)), offer, meeting(values))


def _round(value: Any, decimals: int = 0) -> Any:
    alone = _alone(np.round, value, decimals)
    if alone is not None:
        return alone
    if decimals != 0:
        raise NotByLevel("rounds places to decimals")
    return _joined(value.offer, "rint", value)


def _reduced(what: str, value: Any, axis: int | None = None, **named: Any) -> Any:
    if not isinstance(value, OfferedArray) or axis not in {None, 0, -1} or any(named.values()):
        raise NotByLevel(f"uses the {what} in an unusual way")
    if value.picked is not None:
        raise NotByLevel(f"uses the {what} of the bins that meet a condition")
    offer = value.offer
    if not isinstance(value.value, np.ndarray) and value.value.register == offer.place.register:
        last = OfferedNumber(offer.count, offer) - 1
        if what == "mean":
            return last / 2
        if what == "sum":
            return (OfferedNumber(offer.count, offer) * last) // 2
    return OfferedNumber(offer.reduced(what, value.value), offer)


def _decided(what: str, value: Any, axis: int | None = None) -> Any:
    if not isinstance(value, OfferedArray) or axis not in {None, 0, -1}:
        raise NotByLevel(f"uses the {what} in an unusual way")
    return value.decided(what)


def _count(value: OfferedArray) -> Any:
    return _reduced("sum", value != 0)


def _spread(value: OfferedArray, axis: int | None = None) -> Any:
    return _decided("max", value, axis) - _decided("min", value, axis)


def _like(make: Callable[..., Any]) -> Callable[..., OfferedArray]:
    def like(value: OfferedArray, *args: Any, dtype: Any = None) -> OfferedArray:
        wanted = value.dtype if dtype is None else dtype
        if make is np.full_like:
            return _for_the_same(filled(value.offer, args[0], wanted), value)
        made = {np.zeros_like: np.zeros, np.ones_like: np.ones, np.empty_like: np.empty}[make](value.offer.levels.size, wanted)
        if make is np.empty_like:
            unwritten(made)
        return _for_the_same(OfferedArray(OfferedCell(made), value.offer), value)

    return like


def _for_the_same(made: OfferedArray, value: OfferedArray) -> OfferedArray:
    return OfferedArray(made.cell, made.offer, value.picked)


def _entrywise(function: Callable[..., Any]) -> Callable[..., OfferedArray]:
    def computed(*args: Any, **named: Any) -> OfferedArray:
        made = _alone(function, *args, **named)
        if made is None:
            raise NotByLevel(f"uses np.{function.__name__} of places or of all bins")
        return made

    return computed


def _reduction(what: str) -> Callable[..., Any]:
    return lambda value, *args, **named: _reduced(what, value, *args, **named)


def _decision(what: str) -> Callable[..., Any]:
    return lambda value, *args, **named: _decided(what, value, *args, **named)


METHODS: Mapping[str, Callable[..., Any]] = {
    **{what: _reduction(what) for what in ("sum", "mean", "std", "var")},
    **{what: _decision(what) for what in ("min", "max", "any", "all")},
}
"""Methods of arrays over all bins."""

FUNCTIONS: Mapping[Any, Callable[..., Any]] = {
    **{getattr(np, name): method for name, method in METHODS.items()},
    np.amin: _decision("min"),
    np.amax: _decision("max"),
    np.average: lambda value: _reduced("mean", value),
    np.count_nonzero: _count,
    np.ptp: _spread,
    np.where: _where,
    np.clip: _clip,
    np.select: _select,
    np.round: _round,
    np.around: _round,
    np.copy: lambda value: value.copy(),
    np.ravel: lambda value: value.ravel(),
    np.size: lambda value: value.size,
    np.shape: lambda value: value.shape,
    np.ndim: lambda value: value.ndim,
    **{make: _like(make) for make in (np.zeros_like, np.ones_like, np.full_like, np.empty_like)},
    **{function: _entrywise(function) for function in (np.nan_to_num, np.isclose)},
}
"""NumPy's functions that are followed, by themselves."""
