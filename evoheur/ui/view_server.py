"""The server of the view, on this machine's own address only."""

import secrets
import socket
from collections.abc import Callable
from urllib.parse import urlencode

import uvicorn

from evoheur import ConfigError
from evoheur.ui.view_application import view_application

__all__ = ["LOOPBACK", "checked_token", "serve_view"]

LOOPBACK = "127.0.0.1"
_LEAST_TOKEN = 16
_GRACE_SECONDS = 15  # for what is being answered at Ctrl-C; a second one does not wait


def checked_token(given: str | None) -> str:
    """The token that an address carries: the one given, or a fresh one.

    Raises:
        ConfigError: It is short enough to be guessed.
    """
    if given is None:
        return secrets.token_urlsafe(24)
    if len(given) < _LEAST_TOKEN or not given.isascii() or not given.isprintable() or set(given) & set(' ";,\\'):
        raise ConfigError(
            f"The view's token must be a secret of {_LEAST_TOKEN} or more letters and digits, such as "
            "`python -c 'import secrets; print(secrets.token_urlsafe())'` prints."
        )
    return given


def serve_view(archive: str, *, port: int = 0, token: str | None = None, ready: Callable[[str], None]) -> None:
    """Serve the view of an archive until Ctrl-C.

    Args:
        archive: URL of the archive, which need not be there yet.
        port: On 127.0.0.1; 0 for a free one.
        token: As for `checked_token`.
        ready: Called with the address to open, once it can be.

    Raises:
        ConfigError: The port cannot be had, or the token can be guessed.
    """
    secret = checked_token(token)
    with _listening(port) as listener:
        found = listener.getsockname()[1]
        app = view_application(archive, token=secret, cookie=f"evoheur-view-{found}")
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=_GRACE_SECONDS
        )
        address = f"http://{LOOPBACK}:{found}/?{urlencode({'token': secret})}"
        _ReadyServer(config, lambda: ready(address)).run(sockets=[listener])


class _ReadyServer(uvicorn.Server):
    """A server that says when it answers, and hears Ctrl-C, from then on."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


def _listening(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen(128)  # so that whoever opens the address at once waits, and is not refused
    except OSError as error:
        listener.close()
        raise ConfigError(
            f"Port {port} of {LOOPBACK} cannot be had: {error.strerror}; leave --port out, or name another."
        ) from error
    return listener
