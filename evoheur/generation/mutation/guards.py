"""Guards that keep edited code runnable.

Where an edit reaches a divisor, a root or a logarithm, its operand is made safe.
"""

import ast
import copy

from evoheur.generation.mutation.abstract_values import UNKNOWN, AbstractValue
from evoheur.generation.mutation.expression_interpreter import Scope
from evoheur.generation.mutation.inference import Inference
from evoheur.generation.mutation.known_functions import Need, satisfies
from evoheur.generation.mutation.slots import Slot
from evoheur.generation.mutation.tree_building import call, combine, number

__all__ = ["Guard"]

_EXPONENT_LIMIT = 20  # exp(20) is about 5e8: large beside any other term, and far from overflow


class Guard(Inference):
    """An interpretation that rewrites what an edit may have broken.

    What no edit reaches stays as its author wrote it.

    Args:
        scope: What is known at the beginning.
        touched: The nodes that an edit brought.
        offset: What is added to a fraction that may be 0; to a whole number 1 is.

    Attributes:
        changed: True if something was rewritten.
    """

    def __init__(self, scope: Scope, touched: frozenset[ast.AST] = frozenset(), *, offset: float = 1) -> None:
        super().__init__(scope, touched)
        self.changed = False
        self._offset = offset

    def run(self, body: list[ast.stmt]) -> None:
        """Interpret statements in order.

        Before that, in-place operators that can no longer work in place are turned into assignments.
        """
        for position, statement in enumerate(body):
            if isinstance(statement, ast.AugAssign) and self._overflows(statement):
                old = copy.copy(statement.target)
                old.ctx = ast.Load()
                body[position] = ast.Assign([statement.target], ast.BinOp(old, statement.op, statement.value), lineno=0)
                self.changed = True
            super().run([body[position]])

    def demand(self, slot: Slot, value: AbstractValue, need: Need) -> AbstractValue:
        """Rewrite an operand that is not proved safe.

        Its range does not prove that it is, and an edit reaches it or brought the operation.
        """
        if satisfies(value, need) or not (value.touched or slot.owner in self.touched):
            return value
        self.changed = True
        slot.put(_safe(slot.get(), value, need, 1 if value.integral or self._offset == 1 else self._offset))
        return self.value(slot.get())._replace(touched=True)

    def _overflows(self, statement: ast.AugAssign) -> bool:
        """Whether fractions would be added in place to integers.

        An edit leads to it, for an array of integers, which NumPy refuses.
        """
        target = statement.target.value if isinstance(statement.target, ast.Subscript) else statement.target
        held = self.scope.get(target.id, UNKNOWN) if isinstance(target, ast.Name) else UNKNOWN
        if held.kind is None or not (held.kind.is_array and held.integral):
            return False
        added = self.value(statement.value)
        return (added.touched or held.touched) and not added.integral


def _safe(node: ast.expr, value: AbstractValue, need: Need, offset: float) -> ast.expr:
    if need is Need.MODERATE:
        return call("minimum", node, number(_EXPONENT_LIMIT))
    positive = node if value.low >= 0 else call("abs", node)
    if need in {Need.NONZERO, Need.POSITIVE}:
        return combine(positive, ast.Add, number(offset))
    return positive
