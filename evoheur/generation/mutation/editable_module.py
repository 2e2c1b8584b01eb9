"""A candidate's code as something to edit: parsed, typed, and written back."""

import ast
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from evoheur.code.program import read_program
from evoheur.code.syntax import expression, walked
from evoheur.generation.mutation.abstract_values import AbstractValue, Kind, scalar
from evoheur.generation.mutation.edit_sites import Site, decisions, find_sites
from evoheur.generation.mutation.guards import Guard
from evoheur.generation.mutation.inference import Inference
from evoheur.generation.mutation.known_functions import function_name
from evoheur.generation.mutation.layout import spread, whole
from evoheur.generation.mutation.slots import Slot
from evoheur.generation.mutation.tree_building import call, folded, literal, name, size, without_cast
from evoheur.generation.mutation.typed_signature import Signature

__all__ = ["DecidingValue", "EditableModule", "Unusable", "key"]

_GUARDED = ", guarded against undefined results"


class Unusable(Exception):
    """Code that cannot be edited.

    It does not parse or lacks the function; the message says which.
    """


class DecidingValue(NamedTuple):
    """A value that decides.

    It is what the function returns, or the scores by which it chooses what it returns.

    Attributes:
        slot: Where it stands.
        kind: What it is.
        prefers: 1 if large values are chosen, -1 if small ones are.
    """

    slot: Slot
    kind: Kind
    prefers: int = 1


@dataclass(frozen=True, slots=True)
class EditableModule:
    """A module that defines the problem's functions, to be edited.

    Edits change one of them, in place in its tree.

    Attributes:
        module: The whole file.
        function: The function to edit.
        signature: What the problem promises about that function.
        beside: The problem's other functions.
    """

    module: ast.Module
    function: ast.FunctionDef
    signature: Signature
    beside: tuple[Signature, ...] = ()

    @classmethod
    def parse(cls, code: str, signature: Signature, beside: Sequence[Signature] = ()) -> "EditableModule":
        """Read a candidate's file, without its docstring.

        An edit would make the docstring lie.

        Raises:
            Unusable: It does not parse, or defines no such function with that many plain parameters.
        """
        position = _position(code, signature)
        module = read_program(whole(code)).editable_tree()
        function = module.body[position]
        assert isinstance(function, ast.FunctionDef), "it was found there"
        if len(function.body) > 1 and ast.get_docstring(function) is not None:
            del function.body[0]
        return cls(module, function, signature, tuple(other for other in beside if other.name != signature.name))

    @staticmethod
    def check(code: str, signature: Signature) -> None:
        """See whether `parse` would read a file.

        Raises:
            Unusable: It would not.
        """
        _position(code, signature)

    @property
    def parameters(self) -> list[str]:
        """The parameters as this code names them."""
        return _parameters(self.function)

    @property
    def scope(self) -> dict[str, AbstractValue]:
        """What is known before the function's first line: numbers of the module and the parameters."""
        known: dict[str, AbstractValue] = {}
        for statement in self.module.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=constant)], value=value) if (number := literal(value)) is not None:
                    known[constant] = scalar(float(number), float(number), integral=isinstance(number, int))
        known.update(zip(self.parameters, self.signature.parameters.values(), strict=True))
        return known

    @property
    def functions(self) -> list[ast.FunctionDef]:
        """The function to edit and the helpers beside it."""
        return [statement for statement in self.module.body if isinstance(statement, ast.FunctionDef)]

    @property
    def own_statements(self) -> list[ast.stmt]:
        """What the file computes with: numbers and bodies of functions.

        The numbers are those of the module; all functions count.
        """
        numbers = [statement for statement in self.module.body if isinstance(statement, ast.Assign)]
        return [*numbers, *(statement for function in self.functions for statement in function.body)]

    @property
    def size(self) -> int:
        """Variables, numbers, operators and calls in all functions."""
        return sum(size(statement) for function in self.functions for statement in function.body)

    def infer(self) -> Inference:
        """What is known of every expression of the function."""
        inference = Inference(self.scope)
        inference.run(self.function.body)
        return inference

    def sites(self) -> list[Site]:
        """Every expression of the function that another one of its kind may replace."""
        return find_sites(self.function, self.infer())

    def returns(self) -> list[Slot]:
        """The places of the values that the function returns."""
        found = [node for node in _own_statements(self.function.body) if isinstance(node, ast.Return) and node.value is not None]
        return [Slot(node, "value") for node in found]

    def outcomes(self) -> list[DecidingValue]:
        """The values that decide what the function returns.

        More than one where the function returns at several places or chooses several times, none if that is unclear.
        """
        kind = self.signature.returns
        if kind is not None:
            return [DecidingValue(slot, kind) for slot in self.returns()]
        inference = self.infer()
        found: list[DecidingValue] = []
        for slot in decisions(self.function):
            value = inference.values.get(slot.get())
            if value is not None and value.kind is not None and value.kind.is_array and value.kind.is_quantity:
                found.append(DecidingValue(slot, value.kind, _preference(slot.owner)))
        return found

    def sole_return(self) -> Slot | None:
        """The place of the one value that the function returns.

        Where there are several, its body moves into a helper first.

        Returns:
            The place; None if the function returns nothing.
        """
        returns = self.returns()
        if len(returns) <= 1:
            return returns[0] if returns else None
        taken = {node.id for node in walked(self.module) if isinstance(node, ast.Name)} | {other.name for other in self.functions}
        free = next(
            f"{self.function.name}_{count}" for count in itertools.count(1) if f"{self.function.name}_{count}" not in taken
        )
        arguments = [ast.arg(parameter) for parameter in self.parameters]
        helper = ast.FunctionDef(free, ast.arguments([], arguments, None, [], [], None, []), self.function.body, [])
        self.module.body.insert(self.module.body.index(self.function), helper)
        called = ast.Call(name(free), [name(parameter) for parameter in self.parameters], [])
        self.function.body = [ast.Return(called)]
        return Slot(self.function.body[0], "value")

    def known_before(self, slot: Slot) -> dict[str, AbstractValue]:
        """The variables of known kind that a slot's statement may use."""
        scopes = self.infer().scopes
        holder: ast.AST | None = slot.owner
        if not isinstance(holder, ast.stmt):  # the innermost statement comes last in a walk
            holder = next((found for found in reversed(list(scopes)) if any(node is holder for node in walked(found))), None)
        scope = scopes.get(holder, self.scope) if isinstance(holder, ast.stmt) else self.scope
        return {variable: value for variable, value in scope.items() if value.known and not value.infinite}

    def operand(self, slot: Slot) -> ast.expr:
        """What hangs in a slot, as an operand to calculate with.

        Where an array is due, a list is made one.
        """
        node: ast.expr = slot.get()
        value = self.infer().values.get(node)
        known = value is not None and value.known
        return without_cast(node) if known or not self.returns_array else call("asarray", node)

    @property
    def returns_array(self) -> bool:
        """True if the function has to return an array."""
        return self.signature.returns is not None and self.signature.returns.is_array

    def guard(self, touched: Sequence[ast.AST], *, tidy: bool = True) -> str:
        """Make what the new nodes reach safe to run.

        Divisors nonzero, roots of nonnegatives, floats where floats are promised.

        Args:
            touched: The new nodes.
            tidy: False to leave returned integers as they are, and operations between a new number and another one.

        Returns:
            What to add to the sentence about the edit if an operand had to be changed, else nothing.
        """
        guard = Guard(self.scope, frozenset(touched), offset=self.signature.offset)
        guard.run(self.function.body)
        if not tidy:
            return _GUARDED if guard.changed else ""
        _fold(self.function, guard.touched)
        returns = self.signature.returns
        for slot in self.returns() if self.returns_array else ():
            value = guard.values.get(slot.get())
            if value is not None and value.kind == returns and value.integral:
                slot.put(ast.Call(ast.Attribute(slot.get(), "astype", ast.Load()), [name("float")], []))
        return _GUARDED if guard.changed else ""

    def source(self) -> str:
        """The text of the file, ready to run.

        NumPy imported, the signatures annotated as the problem's are, long formulas in steps. The heuristic's own tree is broken into steps
        too, so nothing can be edited after this.
        """
        signatures = {signature.name: signature for signature in (*self.beside, self.signature)}
        for function in self.functions:
            if (signature := signatures.get(function.name)) is not None:
                _annotate(function, signature)
        module = spread(ast.Module(_with_numpy(self.module.body), []))
        return ast.unparse(ast.fix_missing_locations(module)) + "\n"


@lru_cache(maxsize=512)
def key(code: str) -> str:
    """A key that layout, comments, docstrings and annotations don't change.

    The import of NumPy does not change it either.

    Raises:
        SyntaxError: It does not parse.
    """
    module = read_program(code).editable_tree()
    module.body = [statement for statement in module.body if not _imports_numpy(statement)]
    for node in walked(module):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
            for argument in (*node.args.posonlyargs, *node.args.args):
                argument.annotation = None
            if len(node.body) > 1 and ast.get_docstring(node) is not None:
                del node.body[0]
    return ast.dump(module)


def _preference(chooser: ast.AST) -> int:
    """1 if the largest score is chosen, else -1.

    argmin takes the smallest, and argsort and argpartition put the smallest first.
    """
    return 1 if isinstance(chooser, ast.Call) and function_name(chooser) == "argmax" else -1


def _fold(tree: ast.AST, touched: frozenset[ast.AST]) -> None:
    """Work out operations on two numbers, innermost first.

    At least one number is new; what an author wrote as 1 / 3 stays.
    """
    for field, child in ast.iter_fields(tree):
        for position, node in enumerate(child) if isinstance(child, list) else [(None, child)]:
            if not isinstance(node, ast.AST):
                continue
            _fold(node, touched)
            value = (
                folded(node) if isinstance(node, ast.BinOp) and not touched.isdisjoint((node, node.left, node.right)) else None
            )
            if value is not None:
                Slot(tree, field, position).put(value)


def _position(code: str, signature: Signature) -> int:
    """Where in a file's body the function to edit is defined."""
    try:
        body = read_program(whole(code)).tree.body
    except (SyntaxError, ValueError, RecursionError) as error:
        raise Unusable(f"it does not parse ({error})") from error
    for position, statement in reversed(list(enumerate(body))):
        if isinstance(statement, ast.FunctionDef) and statement.name == signature.name:
            if len(_parameters(statement)) != len(signature.parameters):
                raise Unusable(f"{signature.name} takes {len(_parameters(statement))} parameters")
            return position
    raise Unusable(f"it defines no function {signature.name}")


def _parameters(function: ast.FunctionDef) -> list[str]:
    arguments = function.args
    if arguments.vararg or arguments.kwarg or arguments.kwonlyargs:
        return []
    return [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]


def _own_statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements and those inside them, those of nested functions excluded."""
    for statement in body:
        if not isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            yield statement
            for field in ("body", "orelse", "finalbody"):
                yield from _own_statements(getattr(statement, field, []))


def _annotate(function: ast.FunctionDef, signature: Signature) -> None:
    arguments = (*function.args.posonlyargs, *function.args.args)
    if len(arguments) == len(signature.parameters):
        for argument, parameter in zip(arguments, signature.parameters, strict=True):
            argument.annotation = _annotated(signature.annotations[parameter])
        function.returns = _annotated(signature.annotations["return"])


def _annotated(text: str) -> ast.expr | None:
    return expression(text) if text else None


def _with_numpy(body: list[ast.stmt]) -> list[ast.stmt]:
    body = [statement for statement in body if not _imports_numpy(statement)]  # which may stand behind what needs it
    first = 0
    while first < len(body) and _comes_first(body[first], first):
        first += 1
    return [*body[:first], ast.Import([ast.alias("numpy", "np")]), *body[first:]]


def _imports_numpy(statement: ast.stmt) -> bool:
    match statement:
        case ast.Import(names=[ast.alias(name="numpy", asname="np")]):
            return True
    return False


def _comes_first(statement: ast.stmt, position: int) -> bool:
    """Whether a statement must stay in front of every import.

    The module's docstring and `from __future__ import …` must.
    """
    if isinstance(statement, ast.ImportFrom):
        return statement.module == "__future__"
    return position == 0 and isinstance(statement, ast.Expr)
