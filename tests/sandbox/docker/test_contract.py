"""Level `docker`: the contract, in real containers."""

import pytest

from evoheur.sandbox.docker.docker_sandbox import DockerSandbox
from evoheur.sandbox.interface import Entry, Sandbox
from evoheur.testing.sandbox_contract import SandboxContract


@pytest.mark.docker
@pytest.mark.slow
@pytest.mark.xdist_group("daemons")
@pytest.mark.usefixtures("docker_image")
class TestDocker(SandboxContract):
    """A fresh container for nearly every test."""

    levels = frozenset({"docker"})

    def make_sandbox(self, entry: Entry) -> Sandbox:
        return DockerSandbox(entry)
