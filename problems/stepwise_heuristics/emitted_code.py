"""The instructions of one function in the making."""

import math
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np

from .instructions import ALL, APPLY, BOOL, CONSTANT, FLOAT, FUNCTIONS, INT, MOVE, NONE
from .module_names import NotTranslated

__all__ = ["EmittedCode", "Label", "Register", "constant_word"]

_MOST_REGISTERS = 1000


@dataclass(frozen=True, slots=True)
class Register:
    """A register of the function: a variable, a constant, or a value between."""

    sort: Literal["variable", "constant", "between"]
    number: int


@dataclass(slots=True, eq=False)
class Label:
    """A place to jump to."""

    at: int = -1


_Part: TypeAlias = int | Register | Label | Literal["registers"]


@dataclass(slots=True)
class EmittedCode:
    """Instructions with registers and places that are numbered at the end.

    Attributes:
        variables: Name → number.
        rows: The instructions.
        constants: Words of the constants and their kinds.
    """

    variables: dict[str, int]
    rows: list[tuple[_Part, ...]] = field(default_factory=list)
    constants: dict[tuple[int, int], int] = field(default_factory=dict)
    between: int = 0
    most: int = 0

    def emit(self, operation: int, *parts: _Part) -> None:
        """Add an instruction."""
        self.rows.append((operation, *parts))

    def variable(self, name: str) -> Register:
        """The register of a variable."""
        return Register("variable", self.variables[name])

    def fresh(self, count: int = 1) -> Register:
        """The first of so many registers in a row for values between."""
        first = self.between
        self.between += count
        self.most = max(self.most, self.between)
        return Register("between", first)

    @staticmethod
    def after(register: Register, places: int) -> Register:
        """A register some places behind another."""
        return Register(register.sort, register.number + places)

    def constant(self, value: float | None) -> Register:
        """The register of a constant."""
        return self._constant(constant_word(value))

    def everything(self) -> Register:
        """The register of the index `:`."""
        return self._constant((0, ALL))

    def _constant(self, word: tuple[int, int]) -> Register:
        return Register("constant", self.constants.setdefault(word, len(self.constants)))

    def mark(self, label: Label) -> None:
        """The next instruction is where a label points."""
        label.at = len(self.rows)

    def apply(self, function: str, *operands: Register) -> Register:
        """Apply a function of the machine to values."""
        first = self.fresh(max(1, len(operands)))
        for place, operand in enumerate(operands):
            self.emit(MOVE, self.after(first, place), operand)
        out = self.fresh()
        self.emit(APPLY, out, FUNCTIONS[function], first, len(operands))
        return out

    def apply_at(self, function: str, first: Register, count: int) -> Register:
        """Apply a function of the machine to values that stand in a row."""
        out = self.fresh()
        self.emit(APPLY, out, FUNCTIONS[function], first, count)
        return out

    @property
    def registers(self) -> int:
        """How many registers the function has."""
        return len(self.variables) + len(self.constants) + self.most

    def linked(self, first: int, constants: dict[tuple[int, int], int]) -> list[list[int]]:
        """The instructions as numbers.

        Args:
            first: The number of the first instruction.
            constants: Those of the program so far, to which these are added.
        """
        if self.registers > _MOST_REGISTERS:
            raise NotTranslated(f"a function has {self.registers} values, more than {_MOST_REGISTERS}")
        offsets = {"variable": 0, "constant": len(self.variables), "between": len(self.variables) + len(self.constants)}
        begin = first + len(self.constants)
        made = []
        for word, number in self.constants.items():
            made.append([CONSTANT, offsets["constant"] + number, constants.setdefault(word, len(constants)), 0, 0])
        for row in self.rows:
            parts = [self._number(part, begin, offsets) for part in row]
            made.append(parts + [0] * (5 - len(parts)))
        return made

    def _number(self, part: _Part, begin: int, offsets: dict[str, int]) -> int:
        if isinstance(part, Label):
            return begin + part.at
        if isinstance(part, Register):
            return offsets[part.sort] + part.number
        return self.registers if part == "registers" else part


def constant_word(value: float | None) -> tuple[int, int]:
    """A constant as the machine holds it: its word and its kind."""
    if value is None:
        return 0, NONE
    if isinstance(value, bool):
        return int(value), BOOL
    if isinstance(value, int):
        if abs(value) >= 2**62:
            raise NotTranslated(f"the number {value} is too large")
        return value, INT
    if math.isnan(value):
        raise NotTranslated("NaN is written in it")
    return int(np.float64(value).view(np.int64)), FLOAT
