"""m2."""

import ast
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.generation.mutation.constant_edits import change_constants, introduce_constant
from evoheur.generation.mutation.edit_bench import Bench
from evoheur.generation.mutation.editable_module import EditableModule
from evoheur.generation.mutation.tree_building import literal
from tests.evoheur.generation.mutation.support.running import runs
from tests.evoheur.generation.mutation.support.samples import BASELINE, PRIORITY, STYLES


class _Blank(ast.NodeTransformer):
    """Puts 0 for every number, its sign included."""

    def visit(self, node: ast.AST) -> ast.AST:
        if literal(node) is not None:
            return ast.Constant(0)
        self.generic_visit(node)
        return node


def _skeleton(rule: EditableModule) -> str:
    return ast.dump(_Blank().visit(ast.parse(rule.source())))


def _numbers(rule: EditableModule) -> list[str]:
    tree = ast.parse(rule.source())
    signed = {child for node in ast.walk(tree) if literal(node) is not None for child in ast.iter_child_nodes(node)}
    return [ast.unparse(node) for node in ast.walk(tree) if literal(node) is not None and node not in signed]


@pytest.mark.parametrize("style", STYLES)
@given(seed=st.integers(0, 2**32))
def test_only_numbers_change_and_the_sentence_names_them(style: str, seed: int) -> None:
    """Blanked of numbers, parent and child are the same; the changes that the sentence names are those that were made."""
    rule = EditableModule.parse(STYLES[style], PRIORITY)
    skeleton, before = _skeleton(rule), _numbers(rule)
    clause = change_constants(rule, Bench(rng=random.Random(seed)))
    if clause is None:
        return
    assert _skeleton(rule) == skeleton
    made = sorted((old, new) for old, new in zip(before, _numbers(rule), strict=True) if old != new)
    assert sorted(re.findall(r"(-?[\d.e-]+) to (-?[\d.e+-]+)", clause)) == made
    assert runs(rule.source())


def test_a_rule_without_numbers_gets_one_and_says_so() -> None:
    """The baseline has none; its coefficient sits inside, where it matters."""
    rule = EditableModule.parse(BASELINE, PRIORITY)
    assert change_constants(rule, Bench(rng=random.Random(1))) is None
    clause = introduce_constant(rule, Bench(rng=random.Random(1)))
    assert clause is not None
    assert len(_numbers(rule)) == 1
    assert f"introduces the constant {_numbers(rule)[0]} as coefficient" in clause
    assert runs(rule.source())


def test_a_rule_with_numbers_gets_none_on_top() -> None:
    """There is something to change."""
    assert introduce_constant(EditableModule.parse(STYLES["formula"], PRIORITY), Bench(rng=random.Random(1))) is None


@given(seed=st.integers(0, 2**32))
def test_whole_exponents_stay_whole_and_positive(seed: int) -> None:
    """A fraction would make NaN of negative differences."""
    rule = EditableModule.parse("def priority(item, bins):\n    return (bins - 40) ** 2.0 + (item - bins) ** 3", PRIORITY)
    change_constants(rule, Bench(rng=random.Random(seed)))
    assert runs(rule.source())


def test_a_rule_that_may_fail_as_it_is_can_be_tuned_without_strictness() -> None:
    """1 / (bins - 3.5) may divide by 0 for all we know; strictly only a negative number may come for 3.5, freely any."""
    code = "def priority(item, bins):\n    return 1 / (bins - 3.5)"

    def clauses(*, strict: bool) -> list[str]:
        draws = (
            change_constants(EditableModule.parse(code, PRIORITY), Bench(rng=random.Random(seed)), strict=strict)
            for seed in range(200)
        )
        return [clause for clause in draws if clause is not None]

    assert all("3.5 to -" in clause for clause in clauses(strict=True) if "3.5 to" in clause)
    assert any("3.5 to 3" in clause for clause in clauses(strict=False))
