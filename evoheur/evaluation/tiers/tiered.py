"""A function that is interpreted until it has taken as long as compiling would, and then compiled if that changes nothing.

This is the rule of who rents skis until the rent has reached the price: whatever the function does later, the time is at most twice that
of the better choice, made with foresight.
"""

import functools
import time
from collections.abc import Callable, Mapping, Sequence
from types import FunctionType, MappingProxyType
from typing import Any, TypeAlias

import numpy as np

from . import compiling, room
from .exact import NONE
from .kinds import Array, Kind, Refused, Scalar, kind_of
from .screening import definition, has_loop
from .translation import Translation, translate

__all__ = ["Tiered", "Tiers"]

Compiler: TypeAlias = Callable[[Translation, Sequence[Any]], Callable[..., Any]]

_TRIALS, _MOST_TRIALS = 3, 500
_TRIAL_SECONDS = 0.005  # small calls, as at the end of a tour, say little about what large ones gain
_LEAST_SECONDS = 10e-6
"""Of a call, on average: below it, handing arguments over takes a good part of what there is to win."""

_MOST_REDONE = 20
_CONTIGUOUS, _WRITEABLE = 0b11, 0x400


class Tiered:
    """One function of a candidate, called as the function itself would be.

    Args:
        function: As the candidate defines it; it has a loop.
        code: The candidate's source.
        cost: Seconds that compiling is expected to take; 0 compiles at the first call, whatever that gains.
        compiler: Compiles a translation for arguments like the given ones.
    """

    def __init__(
        self, function: Callable[..., Any], code: str, *, cost: float, compiler: Compiler = compiling.compile_for
    ) -> None:
        self.compiled = False
        self.because = "its loops have not yet taken as long as compiling them would"
        functools.update_wrapper(self, function)
        self._function = function
        self._code = code
        self._cost = cost
        self._compiler = compiler
        self._run: Callable[[tuple[Any, ...]], Any] = self._watch
        self._fast: Callable[..., Any] = function
        self._form: tuple[Any, ...] = ()
        self._answer: Kind = Scalar(base="none")
        self._calls = self._redone = 0
        self._spent = self._spent_compiled = 0.0

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """What the function returns for these arguments, in whatever way it is got."""
        return self._function(*arguments, **named) if named else self._run(arguments)

    def _watch(self, arguments: tuple[Any, ...]) -> Any:
        start = time.process_time()
        answer = self._function(*arguments)
        self._spent += time.process_time() - start
        self._calls += 1
        if self._spent > self._cost and self._spent > (_LEAST_SECONDS * self._calls if self._cost else 0.0):
            self._compile(arguments)
        return answer

    def _interpret(self, arguments: tuple[Any, ...]) -> Any:
        return self._function(*arguments)

    def _settle(self, because: str) -> None:
        self.compiled, self.because, self._run = False, because, self._interpret

    def _compile(self, arguments: tuple[Any, ...]) -> None:
        try:
            kinds = [kind_of(argument) for argument in arguments]
            translation = translate(definition(self._code, self._function), kinds, self._function.__globals__)
            room.require(self._cost)
        except Refused as refusal:
            self._settle(str(refusal))
            return
        try:
            self._fast = self._compiler(translation, arguments)
        except Exception as error:  # noqa: BLE001 - a fault of compiling must not become the candidate's: it is interpreted as it was
            self._settle(f"it could not be compiled ({type(error).__name__})")
            return
        self._form = tuple(map(_form, arguments))
        self._answer = translation.answer
        self._calls, self._spent = 0, 0.0
        self.because, self._run = "the last calls were a trial of compiling", self._try

    def _try(self, arguments: tuple[Any, ...]) -> Any:
        # Both ways side by side: translated functions change no argument.
        answer = self._compare(arguments)
        tried = self._calls >= _TRIALS and (self._spent > _TRIAL_SECONDS or self._calls >= _MOST_TRIALS or not self._cost)
        if tried and self._run == self._try:
            if self._cost and self._spent_compiled > self._spent:
                self._settle("it is no quicker when compiled")
            else:
                self.compiled, self.because, self._run = True, "its loops took longer than compiling them", self._run_compiled
        return answer

    def _run_compiled(self, arguments: tuple[Any, ...]) -> Any:
        self._calls += 1
        if self._calls & (self._calls - 1) == 0:  # every power of two is looked at again
            return self._compare(arguments)
        found, answer = self._compute(arguments)
        return answer if found else self._function(*arguments)

    def _compare(self, arguments: tuple[Any, ...]) -> Any:
        start = time.process_time()
        found, answer = self._compute(arguments)
        middle = time.process_time()
        expected = self._function(*arguments)
        self._spent += time.process_time() - middle
        self._spent_compiled += middle - start
        if self._run == self._try:
            self._calls += 1
        if found and not _same(answer, expected):
            self._settle("its results differed when it was compiled")
        return expected

    def _compute(self, arguments: tuple[Any, ...]) -> tuple[bool, Any]:
        if tuple(map(_form, arguments)) != self._form:
            return False, None
        try:
            answer = self._fast(*arguments)
        except Exception:  # noqa: BLE001 - whatever it is, the interpreted call that follows says it in Python's own words
            return self._redo()
        if isinstance(self._answer, Array):
            return True, answer
        if answer in self._answer.constants or answer == NONE:  # Python's number, or None, as the source has it
            return self._redo() if self._answer.numpy or self._answer.optional else (True, answer)
        return True, _NUMPY[self._answer.base](answer) if self._answer.numpy else answer

    def _redo(self) -> tuple[bool, Any]:
        self._redone += 1
        if self._redone > _MOST_REDONE and self._redone * 10 > self._calls:
            self._settle("too many calls are beyond what is compiled exactly, such as a division by zero")
        return False, None


_NUMPY: Mapping[str, Callable[[Any], Any]] = MappingProxyType({"int": np.int64, "float": np.float64})


def _form(argument: Any) -> Any:
    # What compiled code is chosen by: type, and for arrays memory order and whether they may be changed.
    if type(argument) is not np.ndarray:
        return type(argument)
    flags = argument.flags.num
    return argument.dtype, argument.ndim, flags & 1 or flags & _CONTIGUOUS, flags & _WRITEABLE


def _same(one: Any, other: Any) -> bool:
    # To the bit, except that one NaN is as good as another.
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        if one.dtype != other.dtype or one.shape != other.shape:
            return False
        return one.tobytes() == other.tobytes() or (
            one.dtype == np.float64
            and bool(np.array_equal(np.isnan(one), np.isnan(other)))
            and np.where(np.isnan(one), 0.0, one).tobytes() == np.where(np.isnan(other), 0.0, other).tobytes()
        )
    return bool(one == other and np.signbit(one) == np.signbit(other)) or bool(np.isnan(one) and np.isnan(other))


class Tiers:
    """The functions of a candidate, each in its tier.

    Args:
        code: The candidate's source.
        functions: By name, as executing it has made them.
        cost: Seconds that compiling is expected to take; None for what was measured.
        compiler: See `Tiered`.
    """

    def __init__(
        self,
        code: str,
        functions: Mapping[str, Callable[..., Any]],
        *,
        cost: float | None = None,
        compiler: Compiler = compiling.compile_for,
    ) -> None:
        self.functions: Mapping[str, Callable[..., Any]] = {
            name: Tiered(function, code, cost=compiling.cost(function) if cost is None else cost, compiler=compiler)
            if isinstance(function, FunctionType) and has_loop(function)
            else function
            for name, function in functions.items()
        }

    def notes(self) -> dict[str, str]:
        """Which tier it is in and why, for a person."""
        tiered = [(name, function) for name, function in self.functions.items() if isinstance(function, Tiered)]
        if not tiered:
            return {"tier": "interpreted", "tier_because": "it has no loops to compile"}
        told = {f"{name}: {function.because}" if len(self.functions) > 1 else function.because: None for name, function in tiered}
        tier = "compiled" if any(function.compiled for _, function in tiered) else "interpreted"
        return {"tier": tier, "tier_because": "; ".join(told)}
