"""Protection of the view against other sites, other users of the machine and other machines.

What it answers, it answers to whoever knows the token that was printed, on this machine's own addresses only.
"""

import html
import ipaddress
import secrets
from collections.abc import Mapping
from typing import Literal, NamedTuple
from urllib.parse import parse_qs, quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["SAFE_HEADERS", "AccessGuard", "Refused", "refusal_of", "same_secret"]

_READING = {"GET", "HEAD"}

SAFE_HEADERS: Mapping[str, str] = {
    # Plotly writes style rules into the page; it and we write no script there, and nothing comes from elsewhere.
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",  # "no-referrer" would also take the origin from our own forms
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""What every answer carries."""


class Refused(NamedTuple):
    """The reason why a request is not answered.

    Attributes:
        status: HTTP status.
        sentence: For people.
    """

    status: Literal[400, 403, 405]
    sentence: str


def same_secret(given: str | None, secret: str) -> bool:
    """Whether a word is the secret, compared in a time that tells nothing."""
    return given is not None and secrets.compare_digest(given.encode("utf-8", "replace"), secret.encode())


def refusal_of(method: str, headers: Headers) -> Refused | None:
    """The reason why a request is refused whoever sends it, or None.

    A name of this machine in the Host header shows that no other site's name was made to lead here; the Origin header of a request that
    changes something, that our own page sent it. The port may be another than ours, as behind `ssh -L`.

    Args:
        method: Of HTTP.
        headers: Of the request.
    """
    host = headers.get("host", "")
    if not _is_loopback(host):
        return Refused(
            400, f"This view answers on 127.0.0.1 and localhost only, not on {host[:80]!r}; open the address that it printed."
        )
    if method in _READING:
        return None
    if method != "POST":
        return Refused(405, "This view knows GET and POST only.")
    if headers.get("origin") != f"http://{host}" or headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return Refused(403, "This request came from another site and was refused; nothing was changed.")
    return None


def _is_loopback(host: str) -> bool:
    name, separator, after = host[1:].partition("]") if host.startswith("[") else host.partition(":")
    if separator == "]" and after and not after.startswith(":"):
        return False  # "[::1].elsewhere.example"
    try:
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


class AccessGuard:
    """Answers only those who have shown the token, and marks every answer as safe to show.

    A request with `?token=` and the right token gets a cookie in its place, which no script can read and no other site can send.

    Args:
        app: What answers.
        token: The secret in the printed address.
        cookie: Name of the cookie; one for each port, since browsers share cookies between ports.
    """

    def __init__(self, app: ASGIApp, *, token: str, cookie: str) -> None:
        self._app = app
        self._token = token
        self._cookie = cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse, one request (ASGI)."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SAFE_HEADERS.items():
                    headers[name] = value
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await (self._answer(scope) or self._app)(scope, receive, send_safely)

    def _answer(self, scope: Scope) -> Response | None:
        """What is answered in place of a page; None if the page may be."""
        headers = Headers(scope=scope)
        refused = refusal_of(scope["method"], headers)
        if refused is not None:
            return PlainTextResponse(refused.sentence, refused.status)
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token")
        if given is not None and scope["method"] in _READING and same_secret(given[0], self._token):
            return self._let_in(scope["path"])
        if same_secret(cookie_parser(headers.get("cookie", "")).get(self._cookie), self._token):
            return None
        return PlainTextResponse("This view does not know you: open the address with the token that `evoheur ui` printed.", 403)

    def _let_in(self, path: str) -> Response:
        # A page that leads on, not a redirect: a browser that followed a link in another site here would not send the cookie with that.
        address = html.escape("/" + quote(path.lstrip("/\\")))
        answer = HTMLResponse(
            f'<!doctype html><title>evoheur</title><link rel="icon" href="data:,"><meta http-equiv="refresh" content="0; url={address}">'
        )
        answer.set_cookie(self._cookie, self._token, httponly=True, samesite="strict", path="/")
        return answer
