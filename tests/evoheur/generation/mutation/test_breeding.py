"""From a variation and its parents to a candidate."""

import ast
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from evoheur.generation.mutation.breeding import Breeder, Parent, Stuck
from evoheur.generation.mutation.editable_module import EditableModule, key
from evoheur.generation.mutation.fresh_heuristics import LARGER
from evoheur.generation.mutation.tree_building import catalogue
from evoheur.generation.mutation.typed_signature import baseline_source, read_signature
from evoheur.variation import VARIATIONS, Variation
from tests.evoheur.generation.mutation.support.running import defined, runs
from tests.evoheur.generation.mutation.support.samples import BASELINE, PARENTS, PRIORITY, breeder, discount

VARIED: tuple[Variation, ...] = tuple(VARIATIONS)
FORMULA, STATEMENTS = PARENTS[0], PARENTS[1]

_STOCK = np.array([0, 1, 7, 30])
_DEMAND = np.array([0.0, 2.5, 1.0, 40.0])

requests = st.tuples(st.sampled_from(VARIED), st.lists(st.sampled_from(PARENTS), min_size=1, max_size=5), st.integers(0, 2**32))


def order(sizes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Score the items; the highest is packed first."""
    return sizes.astype(np.float64)


def fit(size: int, free: NDArray[np.int64]) -> NDArray[np.float64]:
    """Score the bins for an item."""
    return -(free - size).astype(float)


@given(request=requests)
def test_any_request_is_answered_by_something_new(request: tuple[Variation, list[Parent], int]) -> None:
    """The candidate defines the function, differs from all parents, and its thought is one sentence that fits into braces."""
    variation, parents, seed = request
    draft = breeder().breed(variation, parents, random.Random(seed))
    rule = EditableModule.parse(draft.code, PRIORITY)
    assert key(draft.code) not in {key(parent.code) for parent in parents}
    assert draft.thought[0].isupper()
    assert draft.thought.endswith(".")
    assert not set("{}\n") & set(draft.thought)
    assert rule.size <= max(60, *(EditableModule.parse(parent.code, PRIORITY).size for parent in parents))


@pytest.mark.parametrize("variation", VARIED)
def test_nearly_all_candidates_run(variation: Variation) -> None:
    """At least 97 % of what is bred from parents in every style gives a finite score for every bin."""
    rng = random.Random(5)
    outcomes = [runs(breeder().breed(variation, rng.sample(PARENTS, 3), random.Random(seed)).code) for seed in range(100)]
    assert sum(outcomes) >= 97


@given(seed=st.integers(0, 2**32), parent=st.sampled_from(PARENTS))
def test_simplification_never_grows(seed: int, parent: Parent) -> None:
    """The child is at most as large as its parent."""
    draft = breeder().breed("simplify", [parent], random.Random(seed))
    assert EditableModule.parse(draft.code, PRIORITY).size <= EditableModule.parse(parent.code, PRIORITY).size


@given(seed=st.integers(0, 2**32), parents=st.lists(st.sampled_from(PARENTS), min_size=1, max_size=5))
def test_exploration_shares_no_larger_part_with_any_parent(seed: int, parents: list[Parent]) -> None:
    """A child that is to be unlike them is of another form than all of its parents."""
    draft = breeder().breed("unlike", parents, random.Random(seed))
    own = {part.text for part in catalogue(EditableModule.parse(draft.code, PRIORITY).function).values() if part.size >= LARGER}
    assert not any(own & {part.text for part in catalogue(ast.parse(parent.code)).values()} for parent in parents)


@pytest.mark.parametrize(
    ("variation", "parents", "words"),
    [
        ("new", [], ("Tries the new formula", "Starts from the baseline and")),
        ("new", [FORMULA], ("Tries the new formula", "Starts from the baseline and")),
        ("unlike", [FORMULA], ("Tries the formula",)),
        ("crossover", [FORMULA, STATEMENTS], ("Takes", "Adds", "Scores as")),
        ("crossover", [FORMULA], ("Since there is only one parent to cross over, this ",)),
        ("crossover", [FORMULA, FORMULA], ("Since there is only one parent to cross over, this ",)),
        ("constants", [FORMULA], ("Changes the constant",)),
        ("constants", [Parent("the baseline", BASELINE)], ("Introduces the constant",)),
        ("simplify", [FORMULA], ("Simplifies",)),
        ("mutation", [], ("Since there is no parent, this ",)),
        ("mutation", [Parent("parent 9", "def priority(:")], ("Since no parent could be read, this ",)),
        ("vary", [FORMULA, STATEMENTS], ("Takes", "Adds", "Scores as")),
    ],
)
def test_the_sentence_says_what_was_done_instead(variation: Variation, parents: list[Parent], words: tuple[str, ...]) -> None:
    """What a variation cannot do with the parents at hand is replaced by something else, and that is admitted."""
    for seed in range(20):
        assert breeder().breed(variation, parents, random.Random(seed)).thought.startswith(words)


def test_a_rule_that_cannot_be_simplified_is_tuned_or_given_up() -> None:
    """A lone variable leaves nothing at all; a helper's number can still be changed, and that is admitted."""
    with pytest.raises(Stuck, match="the variation 'simplify' found nothing to change in parent 4"):
        breeder().breed("simplify", [Parent("parent 4", "def priority(item, bins):\n    return bins")], random.Random(1))
    helped = Parent("parent 5", "def half(x):\n    return x / 2\ndef priority(item, bins):\n    return half(bins)")
    thought = breeder().breed("simplify", [helped], random.Random(1)).thought
    assert thought.startswith("Since nothing is left to simplify, this changes the constant 2 to ")


def test_crossover_names_its_two_parents() -> None:
    """Labels are the parents' own."""
    pair = [Parent("parent 8", FORMULA.code), Parent("the baseline", BASELINE)]
    for seed in range(20):
        thought = breeder().breed("crossover", pair, random.Random(seed)).thought
        assert "parent 8" in thought
        assert "the baseline" in thought


def test_growth_is_bounded() -> None:
    """A long chain of structural mutations stays within the limit, and a parent beyond it never grows."""
    tight = breeder(max_nodes=20)
    parent = Parent("parent 0", BASELINE)
    for seed in range(60):
        draft = tight.breed("mutation", [parent], random.Random(seed))
        assert EditableModule.parse(draft.code, PRIORITY).size <= 20
        parent = Parent(f"parent {seed + 1}", draft.code)
    large = PARENTS[5]
    before = EditableModule.parse(large.code, PRIORITY).size
    assert before > 20
    assert all(
        EditableModule.parse(tight.breed("mutation", [large], random.Random(s)).code, PRIORITY).size <= before for s in range(30)
    )


def test_several_changes_are_all_told() -> None:
    """A mutation of two steps names both, and one of a rule that is almost too large begins by simplifying it."""
    thoughts = [breeder().breed("mutation", [FORMULA], random.Random(seed)).thought for seed in range(60)]
    assert 5 < sum(", then " in thought for thought in thoughts) < 40
    crowded = breeder(max_nodes=EditableModule.parse(FORMULA.code, PRIORITY).size)
    thoughts = [crowded.breed("mutation", [FORMULA], random.Random(seed)).thought for seed in range(60)]
    assert sum(thought.startswith("Simplifies") and ", then " in thought for thought in thoughts) > 10


def test_other_problems_have_other_parameters() -> None:
    """With a price and two arrays, everything bred runs, uses the arrays, and keeps the signature."""
    signature = read_signature(discount, nonnegative=True)
    goods = Breeder([signature], baseline_source([discount]), max_nodes=60, order_terms=False)
    parents = [Parent("the baseline", baseline_source([discount]))]
    for seed in range(150):
        variation = VARIED[seed % len(VARIED)]
        draft = goods.breed(variation, parents[-3:], random.Random(seed))
        assert "def discount(price: float, stock: np.ndarray, demand: np.ndarray) -> np.ndarray:" in draft.code
        scores = defined(draft.code, "discount")(2.5, _STOCK.copy(), _DEMAND.copy())
        assert scores.shape == _STOCK.shape
        assert np.isfinite(scores).all()
        parents.append(Parent(f"parent {seed}", draft.code))


def test_of_several_functions_one_changes_at_a_time() -> None:
    """A file of two functions keeps both; over many draws each of them gets its turn."""
    signatures = [read_signature(function, nonnegative=True) for function in (order, fit)]
    both = Breeder(signatures, baseline_source([order, fit]), max_nodes=60, order_terms=False)
    parent = Parent("the baseline", baseline_source([order, fit]))
    changed = set()
    for seed in range(40):
        code = both.breed(VARIED[seed % len(VARIED)], [parent], random.Random(seed)).code
        for signature in signatures:
            own, theirs = (ast.dump(EditableModule.parse(file, signature).function.body[-1]) for file in (code, parent.code))
            if own != theirs:
                changed.add(signature.name)
    assert changed == {"order", "fit"}
