"""What counts as a function that the solver can call."""

import numpy as np
import pytest

from evoheur.generation.parsing import FunctionSignature, ParsedReply, Reason, signatures_of
from tests.evoheur.generation.support.replies import refused, taken


@pytest.mark.parametrize(
    "parameters",
    ["a, b", "item, bins, scale=2.0", "*args", "item, *rest, base=1", "item, /, bins", "item=1, bins=None", "item, bins, **kw"],
)
def test_callable_with_two_arguments(parameters: str) -> None:
    """Other names, defaults and *args are fine as long as the call the solver makes works."""
    assert isinstance(taken(f"def priority({parameters}):\n    return 0\n"), ParsedReply)


@pytest.mark.parametrize("parameters", ["", "bins", "item, bins, capacity", "item, bins, *, capacity", "*, item, bins", "**kw"])
def test_wrong_arity(parameters: str) -> None:
    """A function that the solver could not call is refused, with what was found and what is wanted."""
    failure = refused(f"```python\ndef priority({parameters}):\n    return 0\n```")
    assert failure.reason == Reason.WRONG_ARITY
    assert "expected priority(item, bins)" in failure.detail


def test_signatures_of_callables() -> None:
    """A problem's functions give names and positional parameters."""

    def recreate(removed: list[int], /, order: int, *, seed: int = 0) -> np.ndarray:
        return np.array([*removed, order, seed])

    assert signatures_of([recreate]) == (FunctionSignature("recreate", ("removed", "order")),)
    assert str(signatures_of([recreate])[0]) == "recreate(removed, order)"
