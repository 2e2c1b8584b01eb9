"""NumPy's own loops are where its C API says."""

import pytest

from evoheur.problems.flat_heuristics import kernels
from evoheur.problems.flat_heuristics.numpy_loops import loop_addresses
from evoheur.problems.flat_heuristics.operations import ARITY, LOOPS


def test_every_loop_is_found() -> None:
    """With how many operands it takes; without compiled code there is nothing to call them."""
    if not hasattr(kernels.evaluate, "signatures"):
        pytest.skip("compiling is switched off")
    found = loop_addresses()
    assert (found[:, 0] > 0).all()
    assert found[:, 2].tolist() == [ARITY[name] for name in LOOPS]
