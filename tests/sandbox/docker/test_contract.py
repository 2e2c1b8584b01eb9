"""Level `docker`: the contract, in real containers."""

import pytest

from evoheur.sandbox.docker.sandbox import DockerSandbox
from evoheur.sandbox.sandbox import Entry, Sandbox
from evoheur.testing.sandboxes import SandboxContract


@pytest.mark.docker
@pytest.mark.slow
@pytest.mark.usefixtures("docker_image")
class TestDocker(SandboxContract):
    """A fresh container for nearly every test."""

    levels = frozenset({"docker"})

    def make_sandbox(self, entry: Entry) -> Sandbox:
        return DockerSandbox(entry)
