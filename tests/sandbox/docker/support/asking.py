"""Candidates in a sandbox, for tests."""

from collections.abc import Iterator
from contextlib import contextmanager

from evoheur.sandbox.docker.docker_sandbox import DockerSandbox
from evoheur.sandbox.interface import Limits, ReportStatus, Session

__all__ = ["DOUBLE", "opened", "serves"]

DOUBLE = "def answer(q):\n    return 2 * q"
_PATIENT = Limits(load_seconds=60, cpu_seconds=60, wall_seconds=120)


@contextmanager
def opened(sandbox: DockerSandbox, source: str, limits: Limits = _PATIENT) -> Iterator[Session]:
    """A session with a candidate that can be loaded."""
    session, report = sandbox.open(source, limits)
    assert report.status is ReportStatus.OK, report
    with session:
        yield session


def serves(sandbox: DockerSandbox) -> bool:
    """True if an honest candidate gets its answer."""
    with opened(sandbox, DOUBLE) as session:
        return bool(session.ask(21).value == 42)
