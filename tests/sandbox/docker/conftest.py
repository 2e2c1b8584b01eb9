"""Fixtures of the tests with real containers."""

from collections.abc import Iterator

import pytest

from evoheur.sandbox.docker.daemon import Daemon
from evoheur.sandbox.docker.docker_sandbox import DockerSandbox
from evoheur.sandbox.interface import Entry


@pytest.fixture
def daemon(docker_image: str) -> Iterator[Daemon]:
    """The daemon that the image is at."""
    with Daemon(seconds=30) as daemon:
        yield daemon


@pytest.fixture(scope="module")
def warm(docker_image: str) -> Iterator[DockerSandbox]:
    """A sandbox with numpy and numba inside, for tests that leave it as it is."""
    sandbox = DockerSandbox(Entry(module="evoheur.testing.hostile_entry", payload={"imports": ["numpy", "numba"]}))
    yield sandbox
    sandbox.close()
