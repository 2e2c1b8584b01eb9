"""What a heuristic is offered in one call, while it is followed instead of computed.

An `Offer` stands for all calls with one size of item, whatever bins are offered. It keeps the steps of a formula, and a script of answers
to questions that depend on the bins.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.flat_heuristics.flat_values import FlatSteps, FlatValue, Kind, NotFlat
from evoheur.problems.flat_heuristics.operations import ARITY, CODES

from .level_grid import NotByLevel
from .offer_formula import COUNT, FIRST_PART, FIRST_REDUCTION, INPUTS, MOST_BINS, MOST_PARTS, PLACE, REDUCTIONS, OfferFormula

__all__ = ["Offer", "OfferValue", "is_by_level"]

OfferValue: TypeAlias = NDArray[Any] | FlatValue
"""Numbers by level, shape (levels,), or a value of the formula."""

_Made = TypeVar("_Made")

_MOST_QUESTIONS = 6
_KINDS: dict[str, Kind] = {"b": "truth", "i": "whole", "f": "float"}
_SAME = {"add": "add", "subtract": "subtract", "remainder": "mod", "bitwise_and": "logical_and", "bitwise_or": "logical_or"}
_SAME |= {"true_divide": "divide", "invert": "logical_not", "fabs": "absolute", "abs": "absolute"}


@dataclass(slots=True, eq=False)
class Offer:
    """The bins that are offered for an item of one size.

    Attributes:
        levels: From the size to the capacity; the last one is always offered. Shape (levels,).
        script: Answers to the questions that the heuristic asks of the bins, in order; True when it runs out.
        asked: What was asked.
    """

    levels: NDArray[np.int64]
    script: list[bool] = field(default_factory=list)
    asked: list[FlatValue] = field(default_factory=list)
    steps: FlatSteps = field(default_factory=lambda: FlatSteps(INPUTS))
    _parts: dict[tuple[str, bytes], int] = field(default_factory=dict)
    _reductions: dict[tuple[int, int], int] = field(default_factory=dict)

    @property
    def place(self) -> FlatValue:
        """A bin's place among the offered ones, from 0."""
        return FlatValue(("input", PLACE), vector=True, kind="whole", bound=float(MOST_BINS))

    @property
    def count(self) -> FlatValue:
        """How many bins are offered."""
        return FlatValue(("input", COUNT), vector=False, kind="whole", bound=float(MOST_BINS))

    def flat(self, value: Any) -> FlatValue:
        """A number, numbers by level, or what is one already, as a value of the formula.

        Raises:
            NotByLevel: There is no such value.
        """
        if isinstance(value, FlatValue):
            return value
        if isinstance(value, np.ndarray) and value.shape == self.levels.shape:
            return self._part(value)[1]
        if isinstance(value, (np.bool_, np.int64, np.float64)):
            value = value.item()
        if not isinstance(value, (bool, int, float)):
            raise NotByLevel(f"lets the bins meet a {type(value).__name__}")
        return self.step_of(lambda: self.steps.constant(value))

    def step(self, name: str, *operands: Any) -> FlatValue:
        """The result of a universal function of NumPy.

        Raises:
            NotByLevel: It is not known to be computed alike in a formula.
        """
        name = _SAME.get(name, name)
        values = [self.flat(operand) for operand in operands]
        if name in {"mod", "floor_divide"} and not any(value.kind == "float" for value in values):
            return self._divided(name, *values)
        if name == "power":
            return self._power(*values)
        if name == "isnan":
            return self.step("not_equal", values[0], values[0])
        if name == "reciprocal" and values[0].kind == "float":
            return self.step("divide", 1.0, values[0])
        if name in {"floor", "ceil", "rint", "positive"} and values[0].kind == "whole":
            return values[0]
        if name in {"logical_and", "logical_or", "logical_not"} and any(value.kind != "truth" for value in values):
            raise NotByLevel(f"uses {name} of what are no truth values")
        if name not in CODES or ARITY[name] != len(values):
            raise NotByLevel(f"uses np.{name} of places or of all bins")
        return self.step_of(lambda: self.steps.step(name, *values))

    def where(self, condition: Any, one: Any, two: Any) -> FlatValue:
        """`np.where` of any of them."""
        return self.step("where", condition, one, two)

    def reduced(self, what: str, value: OfferValue) -> Any:
        """A reduction over all offered bins, as a value of the formula.

        Args:
            what: One of `REDUCTIONS`.
            value: One entry per bin.

        Raises:
            NotByLevel: A formula cannot have it.
        """
        if isinstance(value, FlatValue):
            if what not in {"min", "max"} or value.kind == "truth":
                raise NotByLevel(f"uses the {what} of numbers that depend on places")
            return self.step_of(lambda: self.steps.step(f"a{what}", value))
        part, values = self._part(value)
        if what in {"min", "max"} and (np.isnan(value).any() or (np.signbit(value) & (value == 0)).any()):
            raise NotByLevel(f"uses the {what} of bins with NaN or -0, which depends on their order")
        bound = values.bound * MOST_BINS if what == "sum" else values.bound
        whole = what == "sum" and values.kind != "float"
        if whole and bound > 2.0**53:
            raise NotByLevel("adds whole numbers that may become too large")
        row = self._reductions.setdefault((REDUCTIONS.index(what), part), len(self._reductions))
        if row >= MOST_PARTS:
            raise NotByLevel(f"reduces more than {MOST_PARTS} times")
        kind: Kind = "whole" if whole else values.kind if what in {"min", "max"} else "float"
        return FlatValue(("input", FIRST_REDUCTION + row), vector=False, kind=kind, bound=bound)

    def decide(self, question: FlatValue) -> bool:
        """The answer to a question that depends on the bins, by the script.

        Raises:
            NotByLevel: Too much is asked.
        """
        if len(self.asked) >= _MOST_QUESTIONS:
            raise NotByLevel(f"asks more than {_MOST_QUESTIONS} questions about all bins at once")
        self.asked.append(question)
        if len(self.asked) > len(self.script):
            self.script.append(True)
        return self.script[len(self.asked) - 1]

    def formula(self, score: FlatValue) -> OfferFormula:
        """The formula of a score."""
        parts = np.zeros((len(self._parts), self.levels.size))
        for (kind, numbers), row in self._parts.items():
            parts[row] = np.frombuffer(numbers, dtype=kind)
        reductions = np.array(list(self._reductions), dtype=np.int64).reshape(-1, 2)
        return OfferFormula(self.step_of(lambda: self.steps.flat(score)), parts, reductions)

    def step_of(self, make: Callable[[], _Made]) -> _Made:
        """What is made of steps, if it can be."""
        try:
            return make()
        except NotFlat as refusal:
            raise NotByLevel(f"has no formula: {refusal}") from refusal

    def _part(self, entries: NDArray[Any]) -> tuple[int, FlatValue]:
        part = self._parts.setdefault((entries.dtype.str, entries.tobytes()), len(self._parts))
        if part >= MOST_PARTS:
            raise NotByLevel(f"makes more than {MOST_PARTS} arrays by level that meet places")
        kind = _KINDS[entries.dtype.kind]
        bound = 1.0 if kind == "float" else float(np.abs(entries.astype(np.float64)).max())
        if bound > 2.0**53:
            raise NotByLevel("makes whole numbers that are too large for a formula")
        return part, FlatValue(("input", FIRST_PART + part), vector=True, kind=kind, bound=bound)

    def _divided(self, name: str, one: FlatValue, two: FlatValue) -> FlatValue:
        # Whole numbers by a whole number that is not 0: exact in floats, but that there is no -0.
        if one.kind != "whole" or two.kind != "whole" or not two.constant:
            raise NotByLevel(f"uses {name} of whole numbers")
        floats = [FlatValue(each.register, vector=each.vector, kind="float") for each in (one, two)]
        made = self.step_of(lambda: self.steps.step("add", self.steps.step(name, *floats), self.steps.constant(0.0)))
        bound = abs(two.constant) if name == "mod" else one.bound + 1
        return FlatValue(made.register, vector=made.vector, kind="whole", bound=bound)

    def _power(self, one: FlatValue, two: FlatValue) -> FlatValue:
        # NumPy has shortcuts for some exponents that are written as numbers.
        exponent: Any = two.constant
        if isinstance(exponent, bool) or not (one.vector or two.vector):
            raise NotByLevel("raises a number to a power that depends on all bins")
        if one.kind == "whole" and isinstance(exponent, int) and exponent in {1, 2, 3}:
            made = one
            for _ in range(exponent - 1):
                made = self.step("multiply", made, one)
            return made
        if exponent is not None and one.kind == "float":
            match float(exponent):
                case 2.0:
                    return self.step("square", one)
                case 1.0:
                    return one
                case 0.5:
                    return self.step("sqrt", one)
                case -1.0:
                    return self.step("divide", 1.0, one)
                case _:
                    pass
        elif not two.vector or "float" not in {one.kind, two.kind}:
            raise NotByLevel("raises whole numbers to a power")
        return self.step_of(lambda: self.steps.step("power", one, two))


def is_by_level(values: Sequence[Any]) -> bool:
    """Whether NumPy itself can compute with operands: numbers by level and plain numbers."""
    return not any(isinstance(value, FlatValue) for value in values)
