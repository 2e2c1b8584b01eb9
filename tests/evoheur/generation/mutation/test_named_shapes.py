"""Shapes by the names of their dimensions."""

import pytest

from evoheur.generation.mutation.named_shapes import ANY_SHAPE, broadcast, dimensions, is_flat, shape_of


@pytest.mark.parametrize(
    ("text", "names", "spelled"),
    [
        ("(n, m)", ("n", "m"), "(n,m)"),
        ("(bins,)", ("bins",), "(bins,)"),
        ("(bins)", ("bins",), "(bins,)"),
        ("", (), ""),
        (ANY_SHAPE, ("...",), ANY_SHAPE),
    ],
)
def test_shapes_are_read_and_spelled(text: str, names: tuple[str, ...], spelled: str) -> None:
    """However a docstring spells it, it is one shape."""
    assert dimensions(text) == names
    assert shape_of(names) == spelled


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        ("(n,n)", "(n,)", "(n,n)"),  # a row for every row
        ("(n,1)", "(n,)", "(n,n)"),  # every entry with every other
        ("(n,1)", "(n,n)", "(n,n)"),
        ("(n,)", "", "(n,)"),
        ("", "(n,1)", "(n,1)"),
        ("(k,)", "(n,n)", None),
        ("(...)", "(n,)", None),
        ("(...)", "(...)", "(...)"),
    ],
)
def test_broadcasting_is_that_of_numpy(first: str, second: str, both: str | None) -> None:
    """Aligned at the right, where 1 gives way; dimensions of other names do not fit."""
    assert broadcast(first, second) == both


def test_vectors_are_flat() -> None:
    """Something of unknown shape is not."""
    assert is_flat("(n,)")
    assert not any(map(is_flat, ("", "(n,n)", ANY_SHAPE)))
