"""While a run goes on, the garbage collector leaves alone what has lived through a full collection."""

import gc
from collections.abc import Iterator

import pytest

from evoheur.run.frozen_heap import frozen_heap


@pytest.fixture(autouse=True)
def _nothing_is_set_aside() -> Iterator[None]:
    """The workers of the suite set aside what they have imported, and have it back afterwards."""
    before = gc.get_freeze_count()
    gc.unfreeze()
    yield
    if before:
        gc.freeze()


def test_what_survives_a_full_collection_is_set_aside() -> None:
    with frozen_heap():
        before = gc.get_freeze_count()
        assert before > 0
        kept = [[number] for number in range(5000)]
        gc.collect()
        assert gc.get_freeze_count() >= before + len(kept)
    assert gc.get_freeze_count() == 0


def test_rubbish_is_still_collected() -> None:
    """What is in a cycle that nobody holds is gone after a full collection, since it was made inside."""

    class Cycle:
        def __init__(self) -> None:
            self.itself = self

    with frozen_heap():
        Cycle()
        gc.collect()
        assert not [thing for thing in gc.get_objects() if isinstance(thing, Cycle)]


def test_what_somebody_else_has_set_aside_stays_so() -> None:
    gc.freeze()
    try:
        callbacks = list(gc.callbacks)
        with frozen_heap():
            assert gc.callbacks == callbacks
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()


def test_an_error_ends_it() -> None:
    callbacks = list(gc.callbacks)
    with pytest.raises(ZeroDivisionError), frozen_heap():
        assert 1 // len(gc.garbage[:0])
    assert (gc.get_freeze_count(), gc.callbacks) == (0, callbacks)
