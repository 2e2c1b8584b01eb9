"""Values of a formula, and the steps that make them.

Kinds are followed as NumPy gives them: what is computed with truth values and whole numbers is the same in floats only where nothing is
rounded, and where no operation means something else for them.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from .flat_heuristic import LONGEST, FlatHeuristic
from .numpy_loops import loop_addresses
from .operations import CODES, LOOPS

__all__ = ["FlatSteps", "FlatValue", "Kind", "NotFlat"]

Kind: TypeAlias = Literal["truth", "whole", "float"]
_Register: TypeAlias = tuple[Literal["input", "constant", "step"], int]

_EXACT = 2.0**53
_COMPARISONS = frozenset({"less", "less_equal", "greater", "greater_equal", "equal", "not_equal"})
_CONNECTIVES = frozenset({"logical_and", "logical_or", "logical_not"})
_OTHERWISE_FOR_WHOLE = frozenset({"mod", "floor_divide", "power", "floor", "ceil", "rint"})


class NotFlat(Exception):
    """A rule that is no flat heuristic; the message says why."""


@dataclass(frozen=True, slots=True, eq=False)
class FlatValue:
    """What an expression stands for.

    Two names hold one array if they hold one `FlatValue`.

    Attributes:
        register: Where it is.
        vector: Whether it has an entry per column.
        kind: Of its entries.
        bound: No truth value or whole number is farther from 0.
        constant: The number, if it is written in the source.
    """

    register: _Register
    vector: bool
    kind: Kind
    bound: float = 1.0
    constant: float | None = None


class FlatSteps:
    """The steps of a formula in the making.

    Args:
        inputs: How many there are.
    """

    def __init__(self, inputs: int) -> None:
        self._inputs = inputs
        self._constants: dict[str, int] = {}
        self._made: dict[tuple[str, tuple[_Register, ...]], int] = {}

    def constant(self, number: float) -> FlatValue:
        """A number that is written in the source.

        Raises:
            NotFlat: It is too large to be a float exactly.
        """
        kind: Kind = "truth" if isinstance(number, bool) else "whole" if isinstance(number, int) else "float"
        if kind == "whole" and abs(number) > _EXACT:
            raise NotFlat(f"the number {number!r:.30} is too large")
        place = self._constants.setdefault(float(number).hex(), len(self._constants))
        return FlatValue(("constant", place), vector=False, kind=kind, bound=abs(float(number)), constant=number)

    def step(self, name: str, *operands: FlatValue) -> FlatValue:
        """The result of an operation, which is made once.

        Args:
            name: A key of `operations.CODES`.
            operands: As many as it takes.

        Raises:
            NotFlat: NumPy refuses it, gives something that is no float64, or computes it otherwise for such kinds.
        """
        if name in LOOPS and not loop_addresses()[LOOPS.index(name), 0]:
            raise NotFlat(f"{name} is not available here")
        kind = _kind(name, operands)
        bound = _bound(name, operands) if kind == "whole" else 1.0
        if bound > _EXACT:
            raise NotFlat(f"the whole numbers that {name} gives may be too large")
        registers = tuple(operand.register for operand in operands)
        place = self._made.setdefault((name, registers), len(self._made))
        if place >= LONGEST:
            raise NotFlat(f"it has more than {LONGEST} steps")
        vector = name not in {"amin", "amax"} and any(operand.vector for operand in operands)
        made = FlatValue(("step", place), vector=vector, kind=kind, bound=bound)
        if kind == "whole" and name in {"multiply", "negative"}:  # there is no -0 among whole numbers
            zeros = self.step("add", made, self.constant(0.0))
            return FlatValue(zeros.register, vector=vector, kind=kind, bound=bound)
        return made

    def flat(self, score: FlatValue) -> FlatHeuristic:
        """The formula of a value, without the steps that it does not need."""
        made = list(self._made)
        if score.register[0] != "step":
            score = self.step("where", score, score, score)
            made = list(self._made)
        needed: list[int] = []
        waiting = [score.register]
        while waiting:
            sort, place = waiting.pop()
            if sort == "step" and place not in needed:
                needed.append(place)
                waiting += made[place][1]
        needed.sort()
        first = self._inputs + len(self._constants)
        numbers = {("step", place): first + row for row, place in enumerate(needed)}
        numbers |= {("constant", place): self._inputs + place for place in self._constants.values()}
        numbers |= {("input", place): place for place in range(self._inputs)}
        steps = np.zeros((len(needed), 4), dtype=np.int64)
        for row, place in enumerate(needed):
            name, registers = made[place]
            steps[row, : 1 + len(registers)] = (CODES[name], *(numbers[register] for register in registers))
        return FlatHeuristic(self._inputs, np.array([float.fromhex(each) for each in self._constants]), steps)


def _kind(name: str, operands: tuple[FlatValue, ...]) -> Kind:
    kinds = {operand.kind for operand in operands}
    if name in _COMPARISONS or name in _CONNECTIVES:
        return "truth"
    if name == "where":
        chosen = {operand.kind for operand in operands[1:]}
        return "float" if "float" in chosen else "truth" if chosen == {"truth"} else "whole"
    if name == "divide" or (name in LOOPS and name != "power") or name == "sqrt":
        if kinds == {"truth"}:
            raise NotFlat(f"{name} of truth values")  # NumPy gives half-precision floats for some
        return "float"
    if kinds == {"truth"}:
        raise NotFlat(f"{name} of truth values")  # NumPy takes + for or, and refuses -
    if "float" not in kinds and name in _OTHERWISE_FOR_WHOLE:
        raise NotFlat(f"{name} of whole numbers")
    return "float" if "float" in kinds else "whole"


def _bound(name: str, operands: tuple[FlatValue, ...]) -> float:
    bounds = [operand.bound for operand in operands]
    if name in {"add", "subtract"}:
        return bounds[0] + bounds[1]
    if name == "multiply":
        return bounds[0] * bounds[1]
    if name == "square":
        return bounds[0] ** 2
    return max(bounds)
