"""Real containers for tests, where there is a daemon to be had."""

import fcntl
import importlib.util
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from evoheur.sandbox.docker.daemon_ping import ping_docker

__all__ = ["require_docker"]


def require_docker() -> str:
    """Name of an image for candidates, built if need be; the test is skipped where there is no daemon on a unix socket."""
    if importlib.util.find_spec("docker") is None:
        pytest.skip("the Docker SDK is not installed: pip install 'evoheur[docker]'")
    reachable, detail = ping_docker(os.environ)
    if not reachable:
        pytest.skip(f"no Docker daemon for real containers: {detail}")
    from evoheur.sandbox.docker.build import build  # noqa: PLC0415 - needs the SDK

    with _one_at_a_time():
        return build().image


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    # The workers of a parallel test run would all build it.
    with (Path(tempfile.gettempdir()) / f"evoheur-image-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
