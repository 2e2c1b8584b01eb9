"""m1."""

import ast
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.generation.mutation.edit_bench import Bench
from evoheur.generation.mutation.editable_module import EditableModule, key
from evoheur.generation.mutation.structural_edits import mutate_structure
from tests.evoheur.generation.mutation.support.running import runs
from tests.evoheur.generation.mutation.support.samples import PRIORITY, STYLES


def _mutant(code: str, seed: int) -> tuple[str, str] | None:
    rule = EditableModule.parse(code, PRIORITY)
    clause = mutate_structure(rule, Bench(rng=random.Random(seed)))
    return None if clause is None else (clause, rule.source())


@pytest.mark.parametrize("style", STYLES)
@given(seed=st.integers(0, 2**32))
def test_mutants_of_every_style_parse(style: str, seed: int) -> None:
    """Loops, helpers, masks and lists are no obstacle, and a mutant is a mutant."""
    mutant = _mutant(STYLES[style], seed)
    if mutant is not None:
        ast.parse(mutant[1])


@pytest.mark.parametrize("style", STYLES)
def test_mutants_of_every_style_run(style: str) -> None:
    """At least 97 % of 150 do: what an edit reaches is guarded."""
    mutants = [mutant for seed in range(150) if (mutant := _mutant(STYLES[style], seed)) is not None]
    assert len(mutants) > 75
    assert sum(runs(code) for _, code in mutants) >= 0.97 * len(mutants)


def test_every_kind_of_change_happens_and_is_said() -> None:
    """Replace, insert, delete, wrap, swap an operator, give a bonus: each with its own words."""
    clauses = " / ".join(mutant[0] for seed in range(400) if (mutant := _mutant(STYLES["formula"], seed)))
    words = (
        "replaces",
        "adds",
        "subtracts",
        "multiplies",
        "divides",
        "uses",
        "applies",
        "raises",
        "reverses",
        "reduces",
        "changes",
    )
    assert [word for word in words if word not in clauses] == []


def test_swapped_operators_are_named() -> None:
    """The sentence names the operator that went and the one that came, and the code has them."""
    seen = 0
    for seed in range(300):
        mutant = _mutant("def priority(item, bins):\n    return bins - item", seed)
        if mutant is not None and (match := re.match(r"changes - to ([+*/]) in `bins - item`", mutant[0])):
            assert f"bins {match[1]} " in mutant[1]
            seen += 1
    assert seen > 3


def test_factors_do_not_pile_up() -> None:
    """Four times the gap, multiplied by 2, is eight times the gap."""
    seen = 0
    for seed in range(1200):
        mutant = _mutant("def priority(item, bins):\n    return 4 * (bins - item)", seed)
        if mutant is not None and (match := re.fullmatch(r"multiplies `4 \* \(bins - item\)` by ([\d.]+)", mutant[0])):
            assert f"return {float(f'{4 * float(match[1]):.3g}')} * (bins - item)" in mutant[1]
            seen += 1
    assert seen


def test_guards_are_admitted() -> None:
    """Dividing by the item needs a guard, since it may be 0 for all we know, and the sentence says that there is one."""
    mutants = [_mutant("def priority(item, bins):\n    return bins - item", seed) for seed in range(300)]
    divisions = [mutant for mutant in mutants if mutant is not None and mutant[0].startswith("changes - to / in")]
    assert divisions
    for clause, code in divisions:
        assert clause == "changes - to / in `bins - item`, guarded against undefined results"
        assert "return bins / (item + 1)" in code


def test_where_nothing_is_typed_the_result_gets_another_term() -> None:
    """A list made by a loop is made an array, and a bonus is added to it."""
    code = (
        "def score(b):\n    return b\n"
        "def priority(item, bins):\n    s = []\n    for b in bins:\n        s.append(score(b))\n    return s\n"
    )
    mutants = [mutant for seed in range(20) if (mutant := _mutant(code, seed)) is not None]
    assert mutants
    for clause, mutated in mutants:
        assert re.match(r"(adds|subtracts) [\d.]+ where ", clause)
        assert "return np.asarray(s) " in mutated
        assert runs(mutated)
        assert key(mutated) != key(code)
