"""From a candidate's source to the verdict."""

import ast
from dataclasses import dataclass

from .functions import bind_arguments, define, imported_names
from .statements import Statements
from .values import Array, Facts, Function, MixedArray, NotALevelRule, PerBinList, Scalar

__all__ = ["Verdict", "analyse"]

_UNDERSTOOD_NOWHERE = (
    ast.Await,
    ast.Global,
    ast.NamedExpr,
    ast.Nonlocal,
    ast.Yield,
    ast.YieldFrom,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the analysis found.

    Attributes:
        is_level_rule: The score of a bin is a function of the item and of that bin's free space, and of nothing else: not of other bins, of
            the number of bins, of the bin's place, of earlier calls.
        mixed: The scores are Python numbers in a list, so that whether an array of them holds int or float depends on the bins offered.
        reason: Why it is no level rule, with the line; empty if it is one.
    """

    is_level_rule: bool
    mixed: bool = False
    reason: str = ""


def analyse(code: str, function: str) -> Verdict:
    """Decide whether a rule scores levels, by abstract interpretation of its syntax tree (Cousot & Cousot 1977, doi:10.1145/512950.512973).

    Sound but not complete: what is not understood is refused. It judges what the functions of the source do when they are called, and
    takes for granted that names of NumPy, math and the builtins mean what they say.

    Args:
        code: Source that parses.
        function: Name of the rule in it, which takes the item and the free spaces.
    """
    try:
        mixed = _returns_mixed(code, function)
    except NotALevelRule as refusal:
        return Verdict(is_level_rule=False, reason=str(refusal))
    except RecursionError:
        return Verdict(is_level_rule=False, reason="the code is nested too deep to analyse")
    return Verdict(is_level_rule=True, mixed=mixed)


def _returns_mixed(code: str, function: str) -> bool:
    tree = ast.parse(code)
    index_names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, _UNDERSTOOD_NOWHERE):
            raise NotALevelRule(f"line {getattr(node, 'lineno', '?')}: uses {type(node).__name__}")
        if isinstance(node, ast.Subscript):
            index_names.update(name.id for name in ast.walk(node.slice) if isinstance(name, ast.Name))
    facts = Facts(index_names=frozenset(index_names))
    statements = Statements(facts)
    for statement in tree.body:
        _execute(statement, facts, statements)
    rule = facts.names.get(function)
    if not isinstance(rule, Function):
        raise NotALevelRule(f"{function} is no plain function of the module")
    bins = Array(rising=True, storage=frozenset({"bins"}))
    returned = statements.call(rule, bind_arguments(rule.node, [Scalar(is_item=True), bins], {}))
    for value in returned:
        if not isinstance(value, (Array, MixedArray, PerBinList)):
            raise NotALevelRule(f"line {rule.node.lineno}: {function} returns something else than one score per bin")
    return any(not isinstance(value, Array) for value in returned)


def _execute(statement: ast.stmt, facts: Facts, statements: Statements) -> None:
    # Whatever else stands at module level could keep state between calls or change what names mean.
    match statement:
        case ast.Import() | ast.ImportFrom():
            facts.names.update(imported_names(statement))
        case ast.FunctionDef():
            facts.names[statement.name] = define(statement, frame=0)
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=value)
            | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
        ):
            facts.names[name] = statements.constant(value)
        case ast.Expr(value=ast.Constant()) | ast.Pass():
            pass
        case _:
            raise NotALevelRule(f"line {statement.lineno}: {type(statement).__name__} outside of the functions")
