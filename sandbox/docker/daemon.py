"""Connection to a Docker daemon, and its images."""

import json
import os
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import docker
import requests
from docker.errors import APIError, DockerException, ImageNotFound
from docker.utils import parse_repository_tag

from evoheur.sandbox.docker.image_contents import REPOSITORY
from evoheur.sandbox.interface import SandboxUnavailable

__all__ = ["Daemon"]

_LOCAL = "http+docker://localhost"  # what the SDK calls every unix socket
_DEFAULT_HOST = "unix:///var/run/docker.sock"
_ANOTHER = "or name another one with DOCKER_HOST=unix:///path/of/its.sock"


class Daemon:
    """One connection to a daemon; a context manager.

    Args:
        host: Address as in DOCKER_HOST; by default that of DOCKER_HOST, or else of the context that `docker` uses.
        seconds: How long an answer may take.

    Attributes:
        client: The SDK's.
        host: The address, for messages.

    Raises:
        SandboxUnavailable: No daemon answers, or it does not share this machine's files.
    """

    def __init__(self, host: str | None = None, *, seconds: float) -> None:
        self.host = host or os.environ.get("DOCKER_HOST") or _DEFAULT_HOST
        if not self.host.startswith("unix://"):
            raise SandboxUnavailable(_elsewhere(self.host))
        environment = {**os.environ, "DOCKER_HOST": host} if host else None
        try:
            if host or "DOCKER_HOST" in os.environ:
                _knock(self.host.removeprefix("unix://"), seconds)
            self.client = docker.from_env(timeout=max(1, round(seconds)), environment=environment)
        except (DockerException, requests.RequestException, OSError) as error:
            raise SandboxUnavailable(
                f"No Docker daemon answers at {self.host}: {error}. Start it, {_ANOTHER}; you must be allowed to use the socket."
            ) from error
        if self.client.api.base_url != _LOCAL:  # the context is a remote one
            self.close()
            raise SandboxUnavailable(_elsewhere(str(self.client.api.base_url)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; harmless when repeated."""
        self.client.close()

    @contextmanager
    def asked_to(self, what: str) -> Iterator[None]:
        """Turn what goes wrong meanwhile into one line.

        Args:
            what: What the daemon does not do then, such as "start a container".

        Raises:
            SandboxUnavailable: It refused, or did not answer in time.
        """
        try:
            yield
        except APIError as error:
            raise SandboxUnavailable(
                f"The Docker daemon at {self.host} refuses to {what}: {error.explanation or error}"
            ) from error
        except (DockerException, requests.RequestException) as error:
            raise SandboxUnavailable(
                f"The Docker daemon at {self.host} did not {what}: {error}. See whether `docker info` answers, {_ANOTHER}."
            ) from error

    def has_image(self, name: str) -> bool:
        """True if there is an image of that name."""
        with self.asked_to("look for an image"):
            try:
                self.client.images.get(name)
            except ImageNotFound:
                return False
            return True

    def images(self) -> list[str]:
        """Names of all images that were ever built for candidates here."""
        with self.asked_to("list images"):
            return sorted(tag for image in self.client.images.list(REPOSITORY) for tag in image.tags)

    def import_image(self, name: str, tar: Iterable[bytes], *, variables: Mapping[str, str], labels: Mapping[str, str]) -> None:
        """Make an image of a file system.

        Args:
            name: Repository and tag.
            tar: The file system, piece by piece.
            variables: Environment variables of its containers.
            labels: Its labels.
        """
        repository, _, tag = name.partition(":")
        changes = [f"ENV {key}={value}" for key, value in variables.items()]
        changes += [f"LABEL {key}={json.dumps(value)}" for key, value in labels.items()]
        with self.asked_to("import an image"):
            answer = self.client.api.import_image_from_data(iter(tar), repository=repository, tag=tag, changes=changes)
        for line in answer.splitlines():
            if "error" in (told := json.loads(line)):
                raise SandboxUnavailable(f"The Docker daemon at {self.host} cannot import the image: {told['error']}.")

    def name_image(self, name: str, alias: str) -> None:
        """Give an image one more name."""
        repository, tag = parse_repository_tag(alias)
        with self.asked_to(f"name an image {alias!r}"):
            self.client.images.get(name).tag(repository, tag or "latest")


def _knock(path: str, seconds: float) -> None:
    # The SDK tells the cause of a failed connection in many words, and leaves its socket open.
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.settimeout(seconds)
        door.connect(path)


def _elsewhere(host: str) -> str:
    return (
        f"The Docker daemon at {host} is not on a unix socket of this machine. A container for candidates shares folders and a socket with "
        "this machine: run evoheur where the daemon is, or set DOCKER_HOST=unix:///path/of/its.sock."
    )
