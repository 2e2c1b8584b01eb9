"""e2."""

import ast
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.generation.mutation.crossover import MATERIAL, blend, graft
from evoheur.generation.mutation.edit_bench import Bench
from evoheur.generation.mutation.editable_module import EditableModule, key
from evoheur.generation.mutation.layout import whole
from evoheur.generation.mutation.tree_building import catalogue
from tests.evoheur.generation.mutation.support.running import runs
from tests.evoheur.generation.mutation.support.samples import PRIORITY, STYLES

TIGHT = "def priority(item, bins):\n    return np.exp(-0.3 * (bins - item)) + 4.0 * (bins == item)"
ROOMY = "def priority(item, bins):\n    return np.sqrt(bins / (item + 1)) - np.where(bins > 60, 2.5, 0.5)"


def _pair(first: str, second: str) -> tuple[tuple[str, EditableModule], tuple[str, EditableModule]]:
    return ("parent 1", EditableModule.parse(first, PRIORITY)), ("parent 2", EditableModule.parse(second, PRIORITY))


def _parts(tree: ast.AST) -> set[str]:
    return {part.text for part in catalogue(tree).values() if part.size >= MATERIAL}


@given(seed=st.integers(0, 2**32))
def test_a_graft_has_parts_of_both(seed: int) -> None:
    """What was taken occurs in the donor and was not in the receiver; something of the receiver is left."""
    receiver, donor = _pair(TIGHT, ROOMY)
    own, other = _parts(receiver[1].function), _parts(donor[1].function)
    clause = graft(receiver, donor, Bench(rng=random.Random(seed)))
    assert clause is not None
    child = _parts(receiver[1].function)
    assert child & (own - other)
    assert child & (other - own)
    assert re.match(r"takes `.*` of parent 2 into parent 1 in place of `.*`", clause)
    assert runs(receiver[1].source())


@given(seed=st.integers(0, 2**32))
def test_a_blend_has_both_whole(seed: int) -> None:
    """Both formulas occur in full, and the sentence tells which way they were put together."""
    receiver, donor = _pair(TIGHT, ROOMY)
    formulas = [ast.unparse(rule.returns()[0].get()) for _, rule in (receiver, donor)]
    clause = blend(receiver, donor, Bench(rng=random.Random(seed)))
    source = receiver[1].source()
    assert all(formula in whole(source) for formula in formulas)
    assert clause is not None
    told = re.match(r"scores as parent 1 where `.*` and as parent 2 elsewhere", clause)
    weighted = re.match(r"adds ([\d.]+) times the score of parent 2 to the score of parent 1", clause)
    assert (told and "np.where" in source) or (weighted and f" {weighted[1]} * " in whole(source))
    assert runs(source)


def test_both_ways_of_blending_happen() -> None:
    """Sum and case distinction take turns."""
    verbs = {str(blend(*_pair(TIGHT, ROOMY), Bench(rng=random.Random(seed))))[:4] for seed in range(30)}
    assert verbs == {"scor", "adds"}


@pytest.mark.parametrize("first", STYLES)
def test_crosses_between_all_styles_run(first: str) -> None:
    """At least 97 % of the crosses of a style with every style do, and none is either parent."""
    done = []
    for number, second in enumerate(STYLES):
        for seed in range(10):
            if first == second:
                continue
            receiver, donor = _pair(STYLES[first], STYLES[second])
            cross = graft if seed % 2 else blend
            if cross(receiver, donor, Bench(rng=random.Random(100 * number + seed))) is not None:
                source = receiver[1].source()
                done.append(runs(source))
                assert key(source) not in {key(STYLES[first]), key(STYLES[second])}
    assert len(done) >= 35  # of the 70 draws, half are blends, which always find a place
    assert sum(done) >= 0.97 * len(done)


def test_equal_rules_have_nothing_to_graft() -> None:
    """Every part of the one is in the other already."""
    assert graft(*_pair(TIGHT, TIGHT), Bench(rng=random.Random(1))) is None
