"""Descents that are kept for a while: read again when they are old, or lack a candidate."""

from collections.abc import Sequence
from pathlib import Path

from evoheur.archive.archive import Archive
from evoheur.archive.descents import Descent
from evoheur.ui.descent_shelf import DescentShelf
from tests.evoheur.archive.support.made_up import candidate, new_run, step


class Clock:
    """Seconds of which one passes whenever somebody looks."""

    now = 0.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


def numbers(found: Sequence[Descent]) -> list[int]:
    return [each.number for each in found]


def test_they_are_read_again_when_they_are_old_or_lack_a_candidate(tmp_path: Path) -> None:
    clock = Clock()
    shelf = DescentShelf(clock)
    with Archive.open(f"sqlite:///{tmp_path}/runs.db", create=True) as archive:
        run = new_run(archive, "r")
        archive.record_baseline(run.id, candidate(0))
        assert numbers(shelf.descents(archive, "r")) == [0]
        step(archive, run, candidate(1, parents=(0,)))
        assert numbers(shelf.descents(archive, "r")) == [0], "they were read a moment ago"
        assert numbers(shelf.descents(archive, "r", holding=1)) == [0, 1]
        step(archive, run, candidate(2, parents=(1,)))
        clock.now += 20
        assert numbers(shelf.descents(archive, "r")) == [0, 1, 2]


def test_a_run_of_the_same_name_is_another_run(tmp_path: Path) -> None:
    shelf = DescentShelf(Clock())
    with Archive.open(f"sqlite:///{tmp_path}/runs.db", create=True) as archive:
        for name in ("r", "s", "t", "u"):
            run = new_run(archive, name)
            archive.record_baseline(run.id, candidate(0))
        for name in ("r", "s", "t", "u", "r"):
            assert numbers(shelf.descents(archive, name)) == [0]
