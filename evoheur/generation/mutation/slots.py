"""Places in a syntax tree where an expression can be exchanged."""

import ast
from typing import Any, NamedTuple

__all__ = ["Slot"]


class Slot(NamedTuple):
    """Where a node hangs in its tree.

    Attributes:
        owner: The parent node.
        field: The parent's field.
        position: Position in the field where that is a list.
    """

    owner: ast.AST
    field: str
    position: int | None = None

    def get(self) -> Any:
        """The node that hangs here."""
        held = getattr(self.owner, self.field)
        return held if self.position is None else held[self.position]

    def put(self, node: ast.AST) -> None:
        """Hang another node here."""
        if self.position is None:
            setattr(self.owner, self.field, node)
        else:
            getattr(self.owner, self.field)[self.position] = node
