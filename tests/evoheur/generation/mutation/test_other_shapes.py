"""Everything that the offline generator does, for choices, matrices and heuristics of several functions."""

import ast
import random
import re
from functools import cache

import pytest

from evoheur.generation.mutation.breeding import Parent, Stuck
from evoheur.generation.mutation.editable_module import EditableModule, key
from evoheur.variation import Variation
from tests.evoheur.generation.mutation.support.other_shapes import CHOICE, GUIDE, PAIR, PAIRS, PROMISE, Shape
from tests.evoheur.generation.mutation.support.running import defined

VARIED: tuple[Variation, ...] = ("new", "unlike", "crossover", "mutation", "constants", "simplify")


@cache
def family(shape: Shape) -> tuple[str, ...]:
    """Files of 120 candidates, each bred from the baseline and earlier ones by one variation after the other."""
    rng = random.Random(0)
    parents = [shape.parent()]
    for number in range(120):
        variation = VARIED[number % len(VARIED)]
        pair = rng.sample(parents, min(2, len(parents)))
        try:
            draft = shape.breeder().breed(variation, pair, random.Random(rng.randrange(2**32)))
        except Stuck:  # a lone lookup cannot be simplified, and has no numbers
            draft = shape.breeder().breed("mutation", pair, random.Random(rng.randrange(2**32)))
        parents.append(Parent(f"parent {number + 1}", draft.code))
    return tuple(parent.code for parent in parents[1:])


@pytest.mark.parametrize("shape", PAIRS.values(), ids=PAIRS)
def test_nearly_all_that_is_bred_runs(shape: Shape) -> None:
    """At least 97 % of a family of 120 give finite numbers of the right shape, or choose among what is offered, and change no input."""
    outcomes = [shape.runs(code) for code in family(shape)]
    assert sum(outcomes) >= 0.97 * len(outcomes)


@pytest.mark.parametrize("shape", PAIRS.values(), ids=PAIRS)
def test_variation_is_meaningful(shape: Shape) -> None:
    """In a family of 60 at least 50 files differ, and every parameter that is a quantity is used by some of them."""
    codes = family(shape)[:60]
    assert len({key(code) for code in codes}) >= 50
    used = {node.id for code in codes for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}
    for signature in shape.signatures:
        quantities = {name for name, value in signature.parameters.items() if value.kind is not None and value.kind.is_quantity}
        assert quantities <= used


@pytest.mark.parametrize("shape", PAIRS.values(), ids=PAIRS)
def test_the_interface_is_kept(shape: Shape) -> None:
    """Every file defines all functions with the problem's parameters, annotated."""
    for code in family(shape)[:24]:
        for signature in shape.signatures:
            rule = EditableModule.parse(code, signature)
            assert rule.parameters == list(signature.parameters)
            assert all(argument.annotation is not None for argument in rule.function.args.args)


def test_a_choice_stays_a_choice_among_what_is_offered() -> None:
    """Whatever scores are drawn, what is returned is an element of the list by its position."""
    for code in family(CHOICE):
        assert re.search(r"waiting\[np\.arg(min|max)\(", code)


def test_positions_are_never_calculated_with() -> None:
    """`here`, `home` and `waiting` serve to look things up and to be counted; nothing is added to them."""
    for code in family(CHOICE):
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.BinOp):
                sides = {side.id for side in (node.left, node.right) if isinstance(side, ast.Name)}
                assert not sides & {"here", "home", "waiting"}


def test_what_can_be_looked_up_is_looked_up() -> None:
    """Ways to the stop that was no part of the baseline, sizes of the waiting stops and statistics of rows occur."""
    text = "\n".join(family(CHOICE))
    for wanted in (
        "lengths[home, waiting]",
        "sizes[waiting]",
        "lengths[here, home]",
        "lengths[waiting], axis=1)",
        "np.ix_(waiting, waiting)",
    ):
        assert wanted in text


def test_matrices_meet_rows_columns_and_pairs() -> None:
    """A vector is compared with itself, and rows and columns of statistics broadcast over the matrix."""
    text = "\n".join(family(PROMISE))
    for wanted in ("sizes[:, None]", "keepdims=True", "axis=0)", "places[:, 0]", "room"):
        assert wanted in text


def test_a_guide_uses_lengths_and_penalties_together() -> None:
    """Both matrices are of one kind, and a tour is no quantity."""
    codes = family(GUIDE)[:60]
    assert sum("penalties" in code.partition(":\n")[2] and "lengths" in code.partition(":\n")[2] for code in codes) > 20
    assert not any(re.search(r"\btour\b(?!:)", code.partition(":\n")[2]) for code in codes)


def test_small_distances_are_not_drowned_by_a_guard() -> None:
    """Where all distances are below 1, a divisor is kept from 0 by something far smaller than they are."""
    text = "\n".join(family(CHOICE))
    assert "+ 1e-09)" in text
    assert "lengths[here, waiting] + 1)" not in text


def test_one_function_or_several_change_and_the_others_stay() -> None:
    """Of two functions, each changes alone in some children, both in some, and the sentence says which."""
    before = {signature.name: ast.dump(EditableModule.parse(PAIR.baseline, signature).function) for signature in PAIR.signatures}
    seen: dict[frozenset[str], int] = {}
    for seed in range(80):
        variation = [each for each in VARIED if each != "crossover"][seed % 5]
        draft = PAIR.breeder().breed(variation, [PAIR.parent()], random.Random(seed))
        bare = {
            name: ast.dump(
                EditableModule.parse(re.sub(r":\s*(?:int|np\.ndarray)|\s*->\s*np\.ndarray", "", draft.code), signature).function
            )
            for name, signature in zip(before, PAIR.signatures, strict=True)
        }
        changed = frozenset(name for name in before if before[name] != bare[name])
        told = frozenset(re.findall(r"[iI]n `(\w+)`:", draft.thought))
        assert changed <= told  # a new rule may happen to be the old one
        seen[changed] = seen.get(changed, 0) + 1
    assert set(seen) == {frozenset({"remove"}), frozenset({"insert"}), frozenset({"remove", "insert"})}
    assert max(seen.values()) < 60


def test_a_child_of_two_can_have_a_whole_function_of_each() -> None:
    """Half of the crossings of two-function parents take one function over, with the helper it needs, and keep the other."""
    first = Parent("parent 1", PAIR.baseline)
    second = Parent(
        "parent 2",
        "import numpy as np\nSCALE = 3.0\ndef near(x):\n    return np.exp(-x / SCALE)\n"
        "def remove(seed, lengths, noise):\n    return near(lengths[seed])\n"
        "def insert(sizes, detours):\n    return -near(detours)\n",
    )
    whole = 0
    for seed in range(40):
        draft = PAIR.breeder().breed("crossover", [first, second], random.Random(seed))
        assert PAIR.runs(draft.code)
        found = re.search(r"`(\w+)`: comes whole from (parent \d) and takes the place of that of (parent \d)", draft.thought)
        if found is not None and ";" not in draft.thought:
            whole += 1
            donor = {"parent 1": first, "parent 2": second}[found[2]]
            receiver = {"parent 1": first, "parent 2": second}[found[3]]
            kept = "insert" if found[1] == "remove" else "remove"
            arguments = {signature.name: inputs for signature, inputs in zip(PAIR.signatures, PAIR.inputs, strict=True)}
            for name, source in ((found[1], donor), (kept, receiver)):
                expected = defined(source.code, name)(*arguments[name])
                assert defined(draft.code, name)(*arguments[name]).tolist() == expected.tolist()
    assert whole >= 10


def test_a_choice_by_largest_meets_a_choice_by_smallest() -> None:
    """Blending turns the sign of the donor's scores around, so that what it liked counts in favour."""
    nearest = CHOICE.parent()
    largest = Parent(
        "parent 2",
        "import numpy as np\ndef next_stop(here, home, waiting, room, sizes, lengths):\n"
        "    scores = sizes[waiting] * 2.0\n    return int(waiting[np.argmax(scores)])\n",
    )
    blended = 0
    for seed in range(40):
        draft = CHOICE.breeder().breed("crossover", [nearest, largest], random.Random(seed))
        if "Adds" in draft.thought and "to the score of the baseline" in draft.thought:
            blended += 1
            assert "* -(sizes[waiting] * 2.0)" in draft.code
    assert blended > 0


def test_codes_where_the_choice_is_hidden_are_edited_all_the_same() -> None:
    """A `min` with a key tells nothing of its scores; numbers and other formulas beside it can still change."""
    hidden = Parent(
        "parent 3",
        "def next_stop(here, home, waiting, room, sizes, lengths):\n    weight = 0.5 * room\n"
        "    return min(waiting, key=lambda stop: lengths[here][stop] - weight * lengths[home][stop])\n",
    )
    draft = CHOICE.breeder().breed("constants", [hidden], random.Random(1))
    assert draft.thought.startswith("Changes the constant 0.5 to ")
