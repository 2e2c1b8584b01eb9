"""What subscripts and reductions are, checked against NumPy on real arrays."""

import ast

import numpy as np
import pytest

from evoheur.generation.mutation.abstract_values import SCALAR, Kind
from evoheur.generation.mutation.expression_interpreter import ExpressionInterpreter
from tests.evoheur.generation.mutation.support.other_shapes import CHOICE, PROMISE

SIZES = {"n": 7, "stops": 7, "waiting": 4, "2": 2, "1": 1}
SCOPE = {**PROMISE.signatures[0].parameters, **CHOICE.signatures[0].parameters}  # the latter's sizes and lengths count
REAL = dict(zip(SCOPE, [CHOICE.inputs[0][5], *PROMISE.inputs[0][1:]], strict=False)) | dict(
    zip(CHOICE.signatures[0].parameters, CHOICE.inputs[0], strict=True)
)


def _array(shape: str) -> Kind:
    return Kind(shape, boolean=False)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("lengths[here]", _array("(stops,)")),
        ("lengths[here, waiting]", _array("(waiting,)")),
        ("lengths[here][waiting]", _array("(waiting,)")),
        ("lengths[waiting, home]", _array("(waiting,)")),
        ("lengths[waiting]", _array("(waiting,stops)")),
        ("lengths[:, waiting]", _array("(stops,waiting)")),
        ("lengths[waiting][:, waiting]", _array("(waiting,waiting)")),
        ("lengths[np.ix_(waiting, waiting)]", _array("(waiting,waiting)")),
        ("lengths[waiting, waiting]", _array("(waiting,)")),  # pairs, not a block
        ("lengths[here, home]", SCALAR),
        ("sizes[waiting]", _array("(waiting,)")),
        ("sizes[waiting][0]", SCALAR),
        ("sizes[:, None]", _array("(stops,1)")),
        ("sizes[np.newaxis, :]", _array("(1,stops)")),
        ("sizes[:, None] + sizes", _array("(stops,stops)")),
        ("sizes[:, None] < sizes", Kind("(stops,stops)", boolean=True)),
        ("np.outer(sizes, sizes)", _array("(stops,stops)")),
        ("places[:, 0]", _array("(n,)")),
        ("lengths.T", _array("(stops,stops)")),
        ("np.transpose(lengths[waiting])", _array("(stops,waiting)")),
        ("lengths.mean(axis=1)", _array("(stops,)")),
        ("np.max(lengths[waiting], axis=0)", _array("(stops,)")),
        ("np.sum(lengths[waiting], axis=-1)", _array("(waiting,)")),
        ("np.mean(lengths, axis=1, keepdims=True)", _array("(stops,1)")),
        ("lengths - lengths.mean(axis=1, keepdims=True)", _array("(stops,stops)")),
        ("np.linalg.norm(places, axis=1)", _array("(n,)")),
        ("np.roll(sizes, 1)", _array("(stops,)")),
        ("waiting[np.argmin(sizes[waiting])]", Kind("", boolean=False, indexes="stops")),
        ("np.argmax(sizes[waiting])", Kind("", boolean=False, indexes="waiting")),
        ("np.argmin(lengths[waiting], axis=1)", Kind("(waiting,)", boolean=False, indexes="stops")),
        ("waiting == home", Kind("(waiting,)", boolean=True)),
        ("len(waiting)", SCALAR),
    ],
)
def test_kinds_are_those_of_numpy(text: str, kind: Kind) -> None:
    """The kind is what is expected, and the array that NumPy makes of it has that shape."""
    assert ExpressionInterpreter(SCOPE).value(ast.parse(text, mode="eval").body).kind == kind
    names = kind.shape.strip("()").split(",") if kind.shape else []
    result = np.asarray(eval(text, {"np": np, **REAL}))
    assert result.shape == tuple(SIZES[name] for name in names if name)
    assert (result.dtype.kind == "b") == kind.boolean


@pytest.mark.parametrize(
    "text",
    [
        "waiting + 1",  # no arithmetic with positions
        "here * 2",
        "lengths[sizes > 3]",  # nobody knows how many
        "lengths[1:]",
        "sizes[here, home]",  # too many
        "sizes + sizes[waiting]",  # other lengths
        "np.argmin(lengths)",  # a position in all entries
        "np.mean(lengths, axis=2)",
        "np.mean(lengths, axis=room)",
        "np.mean(waiting)",
    ],
)
def test_what_makes_no_sense_has_no_kind(text: str) -> None:
    """Or what cannot be told without running it."""
    assert ExpressionInterpreter(SCOPE).value(ast.parse(text, mode="eval").body).kind is None


def test_ranges_survive_lookups() -> None:
    """Lengths are at least 0 wherever they are looked up, and so are their sums; a difference is anything."""
    values = [
        ExpressionInterpreter(SCOPE).value(ast.parse(text, mode="eval").body)
        for text in ("lengths[here, waiting]", "lengths[waiting].sum(axis=1)", "np.std(lengths, axis=0)", "sizes[waiting] - room")
    ]
    assert [value.low for value in values] == [0.0, 0.0, 0.0, -np.inf]
