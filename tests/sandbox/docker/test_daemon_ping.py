"""Asking for a Docker daemon, with a server on a socket in its place."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from evoheur.sandbox.docker.daemon_ping import ping_docker


class Daemon(BaseHTTPRequestHandler):
    """Answers /_ping like a daemon of API version 1.41 and refuses all else."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/_ping" else 404)
        self.send_header("Api-Version", "1.41")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"OK")

    def address_string(self) -> str:
        return "local"

    def log_message(self, *args: object, **kwargs: object) -> None:
        """Keep quiet."""


class Broken(Daemon):
    """A daemon that cannot."""

    def do_GET(self) -> None:
        self.send_error(500, "Out of order")


class Babbler(socketserver.BaseRequestHandler):
    """Speaks no HTTP."""

    def handle(self) -> None:
        self.request.sendall(b"HELLO\r\n")


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[None]:
    """Answer in a thread."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_daemon_on_a_unix_socket_answers(tmp_path: Path) -> None:
    path = tmp_path / "docker.sock"
    with serving(socketserver.UnixStreamServer(str(path), Daemon)):
        assert ping_docker({"DOCKER_HOST": f"unix://{path}"}) == (True, "answers with API version 1.41")


def test_a_daemon_on_tcp_answers() -> None:
    server = socketserver.TCPServer(("127.0.0.1", 0), Daemon)
    with serving(server):
        reachable, _ = ping_docker({"DOCKER_HOST": f"tcp://127.0.0.1:{server.server_address[1]}"})
    assert reachable


def test_an_answer_that_is_an_error_is_told(tmp_path: Path) -> None:
    path = tmp_path / "docker.sock"
    with serving(socketserver.UnixStreamServer(str(path), Broken)):
        assert ping_docker({"DOCKER_HOST": f"unix://{path}"}) == (False, f"the daemon at {path} answers 500 Out of order")


def test_something_else_on_the_socket_is_no_daemon(tmp_path: Path) -> None:
    path = tmp_path / "docker.sock"
    with serving(socketserver.UnixStreamServer(str(path), Babbler)):
        reachable, detail = ping_docker({"DOCKER_HOST": f"unix://{path}"})
    assert not reachable
    assert detail.startswith(f"no daemon answers at {path}: ")


def test_no_socket_no_daemon(tmp_path: Path) -> None:
    path = tmp_path / "docker.sock"
    assert ping_docker({"DOCKER_HOST": f"unix://{path}"}) == (False, f"no daemon answers at {path}: No such file or directory")


@pytest.mark.parametrize(
    "environ",
    [{"DOCKER_HOST": "ssh://me@there"}, {"DOCKER_HOST": "tcp://there:2376", "DOCKER_TLS_VERIFY": "1"}, {"DOCKER_HOST": "x"}],
)
def test_addresses_that_need_keys_are_not_asked(environ: dict[str, str]) -> None:
    reachable, detail = ping_docker(environ)
    assert not reachable
    assert detail.startswith("not asked")
