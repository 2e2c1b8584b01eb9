"""Looking for a Docker daemon without the docker package."""

import http.client
import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

__all__ = ["ping_docker"]

_DEFAULT = "unix:///var/run/docker.sock"


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path
        self._seconds = timeout

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self._seconds)
        self.sock.connect(self._path)


def ping_docker(environ: Mapping[str, str], *, timeout: float = 3.0) -> tuple[bool, str]:
    """Ask the Docker daemon whether it is there.

    Sends GET /_ping to the daemon that DOCKER_HOST names, or to the one of this machine.

    Args:
        environ: Environment variables.
        timeout: How long to wait, in seconds.

    Returns:
        Whether a daemon answered, and what was found out, for a person.
    """
    host = environ.get("DOCKER_HOST") or _DEFAULT
    url = urlsplit(host)
    connection: http.client.HTTPConnection
    if url.scheme == "unix":
        connection = _UnixConnection(url.path, timeout)
    elif url.scheme in ("tcp", "http") and url.hostname and not environ.get("DOCKER_TLS_VERIFY"):
        connection = http.client.HTTPConnection(url.hostname, url.port or 2375, timeout=timeout)
    else:
        return (
            False,
            f"not asked: only unix:// and plain tcp:// addresses are, and DOCKER_HOST is of kind {url.scheme or 'unknown'}",
        )
    try:
        connection.request("GET", "/_ping")
        reply = connection.getresponse()
        version = reply.headers.get("Api-Version", "unknown")
    except (OSError, http.client.HTTPException) as error:
        return False, f"no daemon answers at {url.path or url.hostname}: {getattr(error, 'strerror', None) or error}"
    finally:
        connection.close()
    if reply.status != http.HTTPStatus.OK:
        return False, f"the daemon at {url.path or url.hostname} answers {reply.status} {reply.reason}"
    return True, f"answers with API version {version}"
