"""i1 and e1."""

import ast
import random

from hypothesis import assume, given
from hypothesis import strategies as st

from evoheur.generation.mutation.edit_bench import Bench
from evoheur.generation.mutation.editable_module import EditableModule
from evoheur.generation.mutation.fresh_heuristics import LARGER, draw_heuristic, draw_unlike
from evoheur.generation.mutation.tree_building import catalogue
from evoheur.generation.mutation.typed_signature import Signature
from tests.evoheur.generation.mutation.support.running import runs
from tests.evoheur.generation.mutation.support.samples import BASELINE, PRIORITY, STYLES


@given(seed=st.integers(0, 2**32))
def test_new_rules_run_and_are_quoted_as_they_are(seed: int) -> None:
    """The sentence quotes the expression that the function returns."""
    rule = EditableModule.parse(BASELINE, PRIORITY)
    clause = draw_heuristic(rule, Bench(rng=random.Random(seed)))
    returned = rule.function.body[0]
    assert isinstance(returned, ast.Return)
    assert returned.value is not None
    assert clause is not None
    text = ast.unparse(returned.value)
    assert text in clause or (text[:15] in clause and text[-15:] in clause)
    assert runs(rule.source())


@given(seed=st.integers(0, 2**32))
def test_a_rule_unlike_its_parents_shares_no_larger_part_with_them(seed: int) -> None:
    """None of its parts of that size occurs in any parent."""
    rule = EditableModule.parse(BASELINE, PRIORITY)
    parents = [STYLES["formula"], STYLES["statements"]]
    assume(draw_unlike(rule, parents, Bench(rng=random.Random(seed))) is not None)
    own = {part.text for part in catalogue(rule.function.body[0]).values() if part.size >= LARGER}
    for parent in parents:
        theirs = {part.text for part in catalogue(ast.parse(parent)).values()}
        assert not own & theirs


def test_the_same_rule_again_is_refused() -> None:
    """A seed that draws a large rule finds it shared when that rule is a parent."""
    large = 0
    for seed in range(100):
        rule = EditableModule.parse(BASELINE, PRIORITY)
        draw_heuristic(rule, Bench(rng=random.Random(seed)))
        if rule.size >= LARGER:
            large += 1
            again = EditableModule.parse(BASELINE, PRIORITY)
            assert draw_unlike(again, [rule.source()], Bench(rng=random.Random(seed))) is None
    assert large > 50


def test_a_function_whose_result_is_not_understood_is_left_alone() -> None:
    """An index cannot be drawn from a grammar of quantities."""
    signature = Signature("priority", PRIORITY.parameters, None, PRIORITY.annotations)
    rule = EditableModule.parse(BASELINE, signature)
    assert draw_heuristic(rule, Bench(rng=random.Random(1))) is None
    assert rule.source() == EditableModule.parse(BASELINE, signature).source()
