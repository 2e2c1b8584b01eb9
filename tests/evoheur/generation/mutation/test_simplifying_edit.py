"""m3."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.generation.mutation.edit_bench import Bench
from evoheur.generation.mutation.editable_module import EditableModule
from evoheur.generation.mutation.simplifying_edit import simplify
from tests.evoheur.generation.mutation.support.running import runs
from tests.evoheur.generation.mutation.support.samples import PRIORITY, STYLES


def _simplified(expression: str, seed: int) -> tuple[str | None, str]:
    rule = EditableModule.parse(f"def priority(item, bins):\n    return {expression}", PRIORITY)
    clause = simplify(rule, Bench(rng=random.Random(seed)))
    return clause, rule.source().rsplit("return ", 1)[1].strip()


HIDDEN = ("helpers", "loop")  # nothing is known of what a call or a list gives


@pytest.mark.parametrize("style", [style for style in STYLES if style not in HIDDEN])
@given(seed=st.integers(0, 2**32))
def test_the_result_is_smaller_unless_a_guard_is_needed(style: str, seed: int) -> None:
    """Something goes, and nothing comes but a guard, which the sentence admits."""
    rule = EditableModule.parse(STYLES[style], PRIORITY)
    before = rule.size
    clause = simplify(rule, Bench(rng=random.Random(seed)))
    assert clause is not None
    assert rule.size < before or "guarded" in clause


@pytest.mark.parametrize("style", HIDDEN)
def test_where_nothing_is_known_nothing_is_simplified(style: str) -> None:
    """And the file stays as it is."""
    rule = EditableModule.parse(STYLES[style], PRIORITY)
    before = rule.source()
    assert simplify(rule, Bench(rng=random.Random(1))) is None
    assert rule.source() == before


@pytest.mark.parametrize(
    ("expression", "expected"),
    [("bins * (2 + 3)", "5"), ("bins * (2 - 3)", "-1"), ("bins * (2 * 3.5)", "7.0"), ("bins * (1 / 3)", "0.3333")],
)
def test_numbers_are_worked_out(expression: str, expected: str) -> None:
    """An operation on two numbers is the only thing said of its place: it becomes the number it is."""
    results = {_simplified(expression, seed) for seed in range(40)}
    assert any(clause is not None and clause.endswith(f"to `{expected}`") for clause, _ in results)


def test_parts_go_one_at_a_time() -> None:
    """Of a + b one stays, of a case distinction one case; the sentence quotes both sides."""
    results = {_simplified("np.where(bins > 3, 1.0 * bins, bins - 0.5)", seed) for seed in range(60)}
    assert ("simplifies `np.where(bins > 3, 1.0 * bins, bins - 0.5)` to `1.0 * bins`", "1.0 * bins") in results
    assert ("simplifies `np.where(bins > 3, 1.0 * bins, bins - 0.5)` to `bins - 0.5`", "bins - 0.5") in results


def test_a_variable_alone_is_as_simple_as_can_be() -> None:
    """Nothing is said to be simplified that is not."""
    assert _simplified("bins", 1)[0] is None


@pytest.mark.parametrize("style", STYLES)
def test_simplified_rules_run(style: str) -> None:
    """At least 97 % of 60 do."""
    done = []
    for seed in range(60):
        rule = EditableModule.parse(STYLES[style], PRIORITY)
        if simplify(rule, Bench(rng=random.Random(seed))) is not None:
            done.append(runs(rule.source()))
    assert sum(done) >= 0.97 * len(done)
