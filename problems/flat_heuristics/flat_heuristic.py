"""A flat heuristic as data: its constants and its steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Infeasible, Json

from .kernels import Machine, evaluate
from .numpy_loops import loop_addresses
from .operations import CODES, LOOPS

__all__ = ["LONGEST", "FlatHeuristic", "read_flat_heuristic"]

LONGEST = 400
"""Steps and constants that a rule may have, each."""

_OPERANDS = 3
_NAMES = tuple(CODES)


@dataclass(frozen=True, slots=True)
class FlatHeuristic:
    """A formula over inputs, as a list of steps.

    Registers are numbered: inputs, constants, results of steps. The last step is the score.

    Attributes:
        inputs: How many there are.
        constants: Shape (constants,).
        steps: An operation and its operands a row, shape (steps, 4); see `kernels.evaluate`.
    """

    inputs: int
    constants: NDArray[np.float64]
    steps: NDArray[np.int64]

    def document(self) -> Json:
        """The rule as JSON, without loss."""
        return {"constants": [float(each).hex() for each in self.constants], "steps": self.steps.tolist()}

    def machine(self, columns: int) -> Machine:
        """Room for computing the rule for so many columns, its constants filled in."""
        registers = np.zeros((self.inputs + self.constants.size + len(self.steps), columns))
        registers[self.inputs : self.inputs + self.constants.size] = self.constants[:, np.newaxis]
        return Machine(self.steps, registers, loop_addresses(), np.empty(8, dtype=np.int64))

    def scores(self, inputs: Sequence[Any]) -> NDArray[np.float64]:
        """Compute the rule once.

        Args:
            inputs: Numbers, and vectors of one length, in their order.
        """
        columns = max(np.size(each) for each in inputs)
        machine = self.machine(columns)
        for row, each in enumerate(inputs):
            machine.registers[row] = each
        return evaluate(machine, columns).copy()


def read_flat_heuristic(answer: Json, inputs: int) -> FlatHeuristic:
    """Read a flat heuristic from an untrusted answer.

    Args:
        answer: Any JSON; what `FlatHeuristic.document` gave if it is one.
        inputs: How many inputs there are.

    Raises:
        Infeasible: It is no flat heuristic.
    """
    if not isinstance(answer, dict) or not isinstance(answer.get("constants"), list) or not isinstance(answer.get("steps"), list):
        raise Infeasible(f"the answer is no flat heuristic: {answer!r:.60}")
    constants, steps = answer["constants"], answer["steps"]
    if not 0 < len(steps) <= LONGEST or len(constants) > LONGEST:
        raise Infeasible(f"the flat heuristic has {len(steps)} steps and {len(constants)} constants, expected at most {LONGEST}")
    first = inputs + len(constants)
    for place, step in enumerate(steps):
        _check(step, first + place)
    return FlatHeuristic(inputs, np.array([_number(each) for each in constants]), np.array(steps, dtype=np.int64))


def _number(text: Json) -> float:
    try:
        return float.fromhex(text)
    except (TypeError, ValueError, OverflowError) as error:
        raise Infeasible(f"the flat heuristic has the constant {text!r:.60}, which is no number") from error


def _check(step: Json, known: int) -> None:
    # Whether it is a known operation on registers that are written before it: what is computed reads and writes nothing else.
    if not isinstance(step, list) or len(step) != 1 + _OPERANDS or any(type(each) is not int for each in step):
        raise Infeasible(f"{step!r:.60} is no step of a flat heuristic")
    code, operands = step[0], step[1:]
    if not 0 <= code < len(_NAMES) or not all(0 <= operand < known for operand in operands):
        raise Infeasible(f"the step {step} of the flat heuristic has no such operation or operand")
    name = _NAMES[code]
    if name in LOOPS and not loop_addresses()[LOOPS.index(name), 0]:
        raise Infeasible(f"the flat heuristic uses {name}, which is not available here")
