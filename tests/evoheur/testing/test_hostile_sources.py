"""The collection of hostile sources holds what it promises."""

import pytest

from evoheur.code.program import examine
from evoheur.code.syntax import SourceFault
from evoheur.testing.hostile_sources import SHAPES, chained, hostile_sources


def test_there_are_sources_that_parse_and_sources_that_do_not() -> None:
    """A collection of which all is refused at the door would test nothing behind it."""
    found = {what: examine(code) for what, code in hostile_sources("rule", ("x", "y")).items()}
    refused = [what for what, tree in found.items() if isinstance(tree, SourceFault)]
    assert 20 < len(refused) < len(found) // 3
    assert len(found) > 110


@pytest.mark.parametrize("shape", SHAPES)
def test_a_chain_parses_and_has_the_length_that_was_asked_for(shape: str) -> None:
    for size in (1000, 20_000):
        code = chained(shape, size, "def rule(x, y):")
        assert not isinstance(examine(code), SourceFault), examine(code)
        assert size * 0.9 < len(code) < size * 1.6
