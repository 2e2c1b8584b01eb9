"""The terms that new expressions are built from."""

import ast

import numpy as np

from evoheur.generation.mutation.abstract_values import SCALAR, Kind
from evoheur.generation.mutation.expression_interpreter import ExpressionInterpreter
from evoheur.generation.mutation.material import Material, gather, written
from evoheur.generation.mutation.named_shapes import dimensions
from tests.evoheur.generation.mutation.support.other_shapes import CHOICE, GUIDE, PAIR, PROMISE, Shape
from tests.evoheur.generation.mutation.support.samples import PRIORITY


def _material(shape: Shape, which: int = 0) -> Material:
    scope = shape.signatures[which].parameters
    return gather(tuple((name, value.kind) for name, value in scope.items() if value.kind is not None), ())


def test_every_term_is_of_the_kind_that_it_is_listed_under() -> None:
    """By the inference that guards what is drawn."""
    for shape in (CHOICE, PROMISE, GUIDE, PAIR):
        for which, signature in enumerate(shape.signatures):
            material = _material(shape, which)
            for listed, texts in material.arrays.items():
                for text in texts:
                    assert ExpressionInterpreter(signature.parameters).value(written(text)).kind == Kind(listed, boolean=False), (
                        text
                    )
            for text in material.scalars:
                assert ExpressionInterpreter(signature.parameters).value(written(text)).kind == SCALAR, text
            for matrix, texts in material.beside.items():
                rows, columns = dimensions(matrix)
                shapes = {ExpressionInterpreter(signature.parameters).value(written(text)).kind for text in texts}
                assert {kind.shape for kind in shapes if kind} <= {f"({rows},1)", f"({columns},)"}


def test_a_choice_has_what_is_at_the_offered_places() -> None:
    """Ways from here and from home, sizes, and statistics of rows; amounts for the stops at hand and how many are left."""
    material = _material(CHOICE)
    assert {"lengths[here, waiting]", "lengths[home, waiting]", "sizes[waiting]"} <= set(material.arrays["(waiting,)"])
    assert {"room", "sizes[here]", "lengths[here, home]", "len(waiting)"} <= set(material.scalars)
    assert material.positions == {"stops": ["here", "home"]}


def test_fixed_places_are_places() -> None:
    """A row that the problem's own body looks up by number can be looked up by others."""
    matrix = (("cost", Kind("(n,n)", boolean=False)),)
    assert "cost[0]" in gather(matrix, ((0, "n"),)).arrays["(n,)"]
    assert "cost[0]" not in gather(matrix, ()).arrays.get("(n,)", [])


def test_a_list_of_all_places_is_no_selection() -> None:
    """Entries in the order of a tour would stand beside entries in the order of their numbers."""
    assert not any("tour" in text for texts in _material(GUIDE).arrays.values() for text in texts)


def test_one_vector_gives_only_itself() -> None:
    """Online packing has no matrices and no positions, so nothing is derived."""
    material = gather(tuple((name, value.kind) for name, value in PRIORITY.parameters.items() if value.kind is not None), ())
    assert material.arrays == {"(bins,)": ["bins"]}
    assert material.scalars == ("item",)


def test_terms_are_written_anew() -> None:
    """An edit of one occurrence must not change another."""
    first, second = written("lengths[here, waiting]"), written("lengths[here, waiting]")
    assert first is not second
    assert ast.unparse(first) == "lengths[here, waiting]"


def test_vectors_of_different_length_meet_entry_by_entry() -> None:
    """Room in bins beside sizes still to come: distance to the nearest and how many fit, also of what a scalar leaves."""
    vectors = (("item", SCALAR), ("bins", Kind("(bins,)", boolean=False)), ("coming", Kind("(coming,)", boolean=False)))
    terms = gather(vectors, ()).arrays["(bins,)"]
    assert "np.min(np.abs((bins - item)[:, None] - coming), axis=1)" in terms
    assert "np.sum(coming <= bins[:, None], axis=1)" in terms
    values = {"np": np, "item": 2, "bins": np.array([5, 9]), "coming": np.array([1, 3, 6])}
    found = [eval(text, values).tolist() for text in dict.fromkeys(terms) if "(bins - item)" in text]
    assert found == [[0, 1], [2, 3]]  # 5 - 2 = 3 is there and 1, 3 fit; 9 - 2 = 7 is 1 from 6, and all three fit
