"""What SQLAlchemy has compiled for one archive is taken for the next one."""

from pathlib import Path

from evoheur.archive.archive import Archive
from evoheur.archive.shared_statements import STATEMENTS
from tests.evoheur.archive.support.made_up import candidate, new_run, step


def _told(path: Path, objective: float) -> list[float | None]:
    with Archive.open(f"sqlite:///{path}", create=True) as archive:
        run = new_run(archive, path.stem)
        archive.record_baseline(run.id, candidate(0))
        step(archive, run, candidate(1, objective))
        return [record.candidate.objective for record in archive.candidates(run.name)]


def test_a_second_archive_has_nothing_compiled(tmp_path: Path) -> None:
    """And each has its own rows."""
    first = _told(tmp_path / "a.db", 3.0)
    kept = dict(STATEMENTS)
    second = _told(tmp_path / "b.db", 2.0)
    assert kept
    assert dict(STATEMENTS) == kept
    assert (first[-1], second[-1]) == (3.0, 2.0)
