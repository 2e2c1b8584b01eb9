"""Transplants of a part of one file into another.

Variables are replaced by what they stand for, helpers brought along under free names.
"""

import ast
from collections.abc import Sequence

from evoheur.code.syntax import copied, walked
from evoheur.generation.mutation.edit_sites import filled
from evoheur.generation.mutation.editable_module import EditableModule
from evoheur.generation.mutation.pruning import needed_statements
from evoheur.generation.mutation.tree_building import call, literal, name, number, size, without_cast

__all__ = ["Donor"]

_MADE_AND_FILLED = 2  # x = np.zeros(n), then x[:] = …: assigned once for all that matters
_LONGEST = 80  # nodes of an expression after its variables were replaced
_EVERYWHERE = frozenset({"np", "abs", "float", "int", "len", "max", "min", "round", "sum"})
_CARRIED = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.FunctionDef)


class Donor:
    """A heuristic to take material from, and the heuristic that receives it."""

    def __init__(self, donor: EditableModule, receiver: EditableModule) -> None:
        self._donor = donor
        self._receiver = receiver
        stored = _stored(donor.function)
        self._definitions = _definitions(donor, stored)
        self._parameters = {
            own: other for own, other in zip(donor.parameters, receiver.parameters, strict=True) if own not in stored
        }

    def expanded(self, part: ast.expr) -> ast.expr | None:
        """A copy of a donor's expression in the receiver's parameters.

        Returns:
            The copy; None if the expression depends on more than parameters and variables assigned once, or gets too long.
        """
        inliner = _Inliner(self._definitions, self._parameters)
        result: ast.expr = inliner.visit(copied(without_cast(part)))
        return result if inliner.complete and size(result) <= _LONGEST else None

    def decision(self) -> tuple[ast.expr, int] | None:
        """The scores by which the donor chooses last, and their sign.

        The sign is 1 if it takes the largest, -1 if the smallest. None if they cannot be copied.
        """
        outcomes = self._donor.outcomes()
        if not outcomes:
            return None
        scores = self.expanded(outcomes[-1].slot.get())
        return None if scores is None else (scores, outcomes[-1].prefers)

    def replace(self) -> None:
        """Put the donor's whole function in the receiver's place.

        What it needs of its file goes beside it.
        """
        module, own = self._receiver.module, self._donor.function
        renamer = _Renamer(_free_names(self._donor, self._receiver) | {own.name: self._receiver.function.name})
        position = self._carry(renamer, needed_statements(self._donor.module, own))
        module.body[position] = renamer.visit(copied(own))

    def score(self) -> ast.expr:
        """The donor's whole result.

        Its formula if it is one, else a call of its function, which is brought along.
        """
        *first, last = self._donor.function.body
        if isinstance(last, ast.Return) and last.value is not None and all(isinstance(line, ast.Assign) for line in first):
            formula = self.expanded(last.value)
            if formula is not None:
                return formula
        return self._carried()

    def _carried(self) -> ast.expr:
        own = self._donor.function
        renamer = _Renamer(_free_names(self._donor, self._receiver))
        self._carry(renamer, [*needed_statements(self._donor.module, own), own])
        called = ast.Call(name(renamer.renaming[own.name]), [name(parameter) for parameter in self._receiver.parameters], [])
        return call("asarray", called) if self._receiver.returns_array else called

    def _carry(self, renamer: "_Renamer", statements: Sequence[ast.stmt]) -> int:
        """Copy renamed statements in front of the receiver's function.

        Tells where the function is then.
        """
        module = self._receiver.module
        present = {ast.dump(statement) for statement in module.body}
        position = module.body.index(self._receiver.function)
        for statement in statements:
            moved = renamer.visit(copied(statement))
            if isinstance(moved, _CARRIED) and ast.dump(moved) not in present:
                module.body.insert(position, moved)
                position += 1
        return position


class _Inliner(ast.NodeTransformer):
    """Replaces variables until only parameters are left.

    Attributes:
        complete: False once a variable was met that stands for no single expression.
    """

    def __init__(self, definitions: dict[str, ast.expr], parameters: dict[str, str]) -> None:
        self.complete = True
        self._definitions = definitions
        self._parameters = parameters
        self._allowance = _LONGEST

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self._parameters:
            return name(self._parameters[node.id])
        if node.id in self._definitions and self._allowance > 0:
            meaning = copied(self._definitions[node.id])
            self._allowance -= size(meaning)
            replaced: ast.expr = self.visit(meaning)
            return replaced
        self.complete = self.complete and node.id in _EVERYWHERE
        return node


class _Renamer(ast.NodeTransformer):
    """Renaming of a file's names, wherever they occur.

    Annotations go, since they are of no use in a helper.
    """

    def __init__(self, renaming: dict[str, str]) -> None:
        self.renaming = renaming

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self.renaming.get(node.id, node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.arg = self.renaming.get(node.arg, node.arg)
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.name = self.renaming.get(node.name, node.name)
        node.returns = None
        self.generic_visit(node)
        return node


def _definitions(donor: EditableModule, stored: list[str]) -> dict[str, ast.expr]:
    """What the variables that are assigned once stand for.

    They are assigned in the open; numbers of the module are included.
    """
    found: dict[str, ast.expr] = {}
    for statement in donor.module.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=variable)], value=value) if (constant := literal(value)) is not None:
                found[variable] = number(constant)
    fills = filled(donor.function)
    for statement in donor.function.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=variable)], value=value) if stored.count(variable) == 1:
                found[variable] = value
            case ast.Assign(
                targets=[ast.Subscript(value=ast.Name(id=variable), slice=ast.Slice(None, None, None))], value=value
            ) if variable in fills and stored.count(variable) == _MADE_AND_FILLED:
                found[variable] = value
    return found


def _stored(function: ast.FunctionDef) -> list[str]:
    """Names that the function assigns to or into, once per place."""
    names: list[str] = []
    for node in walked(function):
        match node:
            case ast.Name(id=variable, ctx=ast.Store()) | ast.Subscript(value=ast.Name(id=variable), ctx=ast.Store()):
                names.append(variable)
    return names


def _free_names(donor: EditableModule, receiver: EditableModule) -> dict[str, str]:
    """New names for the donor's definitions whose names are taken.

    Taken is what the receiver's file uses already.
    """
    taken = {node.id for node in walked(receiver.module) if isinstance(node, ast.Name)}
    taken.update(function.name for function in receiver.functions)
    defined: list[str] = []
    for statement in donor.module.body:
        match statement:
            case ast.FunctionDef(name=own) | ast.Assign(targets=[ast.Name(id=own)]):
                defined.append(own)
    renaming: dict[str, str] = {}
    for own in dict.fromkeys(defined):
        free, count = own, 2
        while free in taken:
            free, count = f"{own}_{count}", count + 1
        renaming[own] = free
        taken.add(free)
    return renaming
