"""A scripted HTTP server for OpenAI's chat-completions protocol.

The server is small and real, and speaks the protocol as badly as it is told to. Retries, accounting and resume are tested against real
sockets rather than patched clients:

    with ScriptedEndpoint([status(429, retry_after="1"), reply("hello")]) as server:
        ...  # base_url=server.base_url
    assert [exchange.answer.kind for exchange in server.journal] == ["status 429", "reply"]
"""

import contextlib
import gzip
import json
import socket
import struct
import threading
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, Self, TypeAlias

__all__ = [
    "Exchange",
    "Received",
    "Script",
    "ScriptedEndpoint",
    "ServerAnswer",
    "compressed",
    "cut_body",
    "endless",
    "error_object",
    "html",
    "raw",
    "redirect",
    "reply",
    "reset",
    "status",
]

_MODEL = "scripted-model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A request as it arrived.

    Attributes:
        number: Count of the requests to this server, from 1.
        path: Of the URL, without the query.
        query: What stands behind the path; empty if nothing does.
        headers: All of them, names in small letters.
        authorization: The header; empty if there was none.
        payload: The body.
    """

    number: int
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    authorization: str
    payload: Mapping[str, Any]

    @property
    def prompt(self) -> str:
        """The content of the last message."""
        turns = self.payload["input" if "input" in self.payload else "messages"]
        return str(turns[-1]["content"])


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerAnswer:
    """What the server does with one request.

    Attributes:
        kind: Names it in the journal.
        body: What it sends.
        code: HTTP status.
        headers: Further headers, or other values of the usual ones.
        content_type: Of the body.
        sent: How many bytes of the body it sends before it hangs up; None for all.
        reset: Whether it resets the connection instead of answering.
        delay: Seconds it waits before it answers.
        prompt_tokens: Prompt tokens it counts; 0 where it does not say.
        completion_tokens: Completion tokens it counts; 0 where it does not say.
        endless: What it sends again and again until the client hangs up: the body as chunks, a header, or interim answers.
        pieces: The body as a stream, piece by piece; empty where the body comes at once.
        pause: Seconds between two pieces.
        ending: What comes after the last piece: the end, no more though the connection stays, a hang-up or a reset.
    """

    kind: str
    body: bytes = b""
    code: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    sent: int | None = None
    reset: bool = False
    delay: float = 0.0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    endless: Literal["", "body", "headers", "interim"] = ""
    pieces: Sequence[bytes] = ()
    pause: float = 0.0
    ending: Literal["", "stall", "hang-up", "reset"] = ""

    @property
    def usable(self) -> bool:
        """Whether a client can make a completion of it.

        Its tokens then belong into the client's account.
        """
        return self.kind == "reply"


Script: TypeAlias = Sequence[ServerAnswer] | Callable[[Received], ServerAnswer]
"""Answers in the order of the requests, or a function of the request, which is called by several threads at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and what was done with it."""

    received: Received
    answer: ServerAnswer


def reply(
    text: str | None,
    *,
    tokens: tuple[int, int] | None = (10, 20),
    finish: str | None = "stop",
    delay: float = 0.0,
    message: Mapping[str, Any] | None = None,
    model: str | None = _MODEL,
    usage: Mapping[str, Any] | None = None,
) -> ServerAnswer:
    """A completion as it should be.

    Args:
        text: The content; None for null.
        tokens: Prompt and completion tokens; None for an answer without usage.
        finish: The finish_reason; None for null.
        delay: Seconds to wait before answering.
        message: Further fields of the message.
        model: The model's name.
        usage: Further fields of the usage.
    """
    body: dict[str, Any] = {
        "id": "chatcmpl-scripted",
        "object": "chat.completion",
        "created": 0,
        "model": model,
        "choices": [{"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text, **(message or {})}}],
    }
    prompt, completion = tokens or (0, 0)
    if tokens is not None:
        counted = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
        body["usage"] = {**counted, **(usage or {})}
    return ServerAnswer(
        kind="reply", body=json.dumps(body).encode(), delay=delay, prompt_tokens=prompt, completion_tokens=completion
    )


def status(
    code: int,
    message: str = "scripted",
    *,
    retry_after: str | None = None,
    error_code: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> ServerAnswer:
    """An error status with OpenAI's error body.

    `error_code` is the body's code, such as "insufficient_quota".
    """
    extra = {**({"Retry-After": retry_after} if retry_after is not None else {}), **(headers or {})}
    body = {"error": {"message": message, "type": "scripted", "param": None, "code": error_code}}
    return ServerAnswer(kind=f"status {code}", code=code, body=json.dumps(body).encode(), headers=extra)


def reset() -> ServerAnswer:
    """A connection that is reset without an answer."""
    return ServerAnswer(kind="reset", reset=True)


def cut_body(text: str = "never arrives whole") -> ServerAnswer:
    """A completion that announces its whole length and stops half-way."""
    whole = reply(text)
    return ServerAnswer(kind="cut body", body=whole.body, sent=len(whole.body) // 2)


def html() -> ServerAnswer:
    """A web page with status 200, as misconfigured proxies send."""
    return ServerAnswer(kind="html", body=b"<!doctype html><html><body>Welcome to nginx!</body></html>", content_type="text/html")


def error_object(message: str = "upstream failed", code: int | str | None = None) -> ServerAnswer:
    """An error with status 200, as routers send."""
    return ServerAnswer(kind="error object", body=json.dumps({"error": {"message": message, "code": code}}).encode())


def raw(body: bytes, kind: str = "raw") -> ServerAnswer:
    """Any body with status 200."""
    return ServerAnswer(kind=kind, body=body)


def compressed(body: bytes, encoding: str = "gzip", *, times: int = 1) -> ServerAnswer:
    """A body packed once or several times over.

    It is packed with gzip or deflate.
    """
    for _ in range(times):
        body = gzip.compress(body) if encoding == "gzip" else zlib.compress(body)
    return ServerAnswer(kind=f"{encoding} body", body=body, headers={"Content-Encoding": ", ".join([encoding] * times)})


def redirect(location: str, code: int = 307) -> ServerAnswer:
    """A redirection to another address."""
    return ServerAnswer(kind=f"redirect {code}", code=code, headers={"Location": location})


def endless(part: Literal["body", "headers", "interim"], body: bytes = b" " * 65536) -> ServerAnswer:
    """An answer that does not come to an end."""
    return ServerAnswer(kind=f"endless {part}", body=body, endless=part)


class ScriptedEndpoint:
    """The server, listening on a free port.

    A context manager; the port is one of the loopback interface. A request beyond the end of a scripted sequence is refused with status
    400, so that it fails at once and says why.

    Args:
        script: What to answer.
    """

    def __init__(self, script: Script) -> None:
        self._script = script
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._exchanges: dict[int, Exchange] = {}
        self._arrived = 0
        self._server = _Server(("127.0.0.1", 0), self._answer, self._closing)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def base_url(self) -> str:
        """Root of the API, for clients."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    @property
    def journal(self) -> tuple[Exchange, ...]:
        """All exchanges so far, in the order of arrival."""
        with self._lock:
            return tuple(self._exchanges[number] for number in sorted(self._exchanges))

    @property
    def tokens(self) -> tuple[int, int]:
        """Prompt and completion tokens of all usable answers.

        This is what an honest client's account must hold.
        """
        usable = [exchange.answer for exchange in self.journal if exchange.answer.usable]
        return sum(answer.prompt_tokens for answer in usable), sum(answer.completion_tokens for answer in usable)

    @property
    def billed(self) -> tuple[int, int]:
        """Prompt and completion tokens of all answers, those that broke off among them."""
        answers = [exchange.answer for exchange in self.journal]
        return sum(answer.prompt_tokens for answer in answers), sum(answer.completion_tokens for answer in answers)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answer(self, address: str, headers: Mapping[str, str], payload: Mapping[str, Any]) -> ServerAnswer:
        with self._lock:
            self._arrived += 1
            number = self._arrived
        path, _, query = address.partition("?")
        authorization = headers.get("authorization", "")
        received = Received(number=number, path=path, query=query, headers=headers, authorization=authorization, payload=payload)
        answer = self._scripted(received)
        with self._lock:
            self._exchanges[number] = Exchange(received=received, answer=answer)
        return answer

    def _scripted(self, received: Received) -> ServerAnswer:
        if received.path not in {"/v1/chat/completions", "/v1/responses"}:
            return status(404, f"there is no {received.path} here, only /v1/chat/completions and /v1/responses")
        if callable(self._script):
            return self._script(received)
        if received.number > len(self._script):
            return status(400, f"the script has {len(self._script)} answers and this is request {received.number}")
        return self._script[received.number - 1]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        address: tuple[str, int],
        answer: Callable[[str, Mapping[str, str], Mapping[str, Any]], ServerAnswer],
        closing: threading.Event,
    ) -> None:
        super().__init__(address, _Handler)
        self.answer = answer
        self.closing = closing

    def shutdown_request(self, request: Any) -> None:
        # The base class announces the end (FIN) before it closes, which would make a reset look like an ordinary end.
        self.close_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over clients that hang up.

        That is their own business, not a traceback on our terminal.
        """


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one segment: apart, they would wait 40 ms for each other (Nagle and delayed acknowledgement)
    disable_nagle_algorithm = True
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.answer(self.path, headers, json.loads(body))
        if answer.delay:
            self.server.closing.wait(answer.delay)
        if answer.reset:
            self._reset()
            return
        if answer.endless:
            self._send_without_end(answer)
            return
        if answer.pieces:
            self._send_pieces(answer)
            return
        self.send_response_only(answer.code)
        usual = {"Date": self.date_time_string(), "Content-Type": answer.content_type, "Content-Length": str(len(answer.body))}
        for name, value in (usual | dict(answer.headers)).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body if answer.sent is None else answer.body[: answer.sent])
        self.close_connection = answer.sent is not None

    def _reset(self) -> None:
        # A linger time of 0 makes closing send RST instead of FIN.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def _send_pieces(self, answer: ServerAnswer) -> None:
        self.close_connection = bool(answer.ending)
        with contextlib.suppress(OSError):  # the client has hung up
            self.send_response_only(answer.code)
            usual = {"Date": self.date_time_string(), "Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"}
            for name, value in (usual | dict(answer.headers)).items():
                self.send_header(name, value)
            self.end_headers()
            for number, piece in enumerate(answer.pieces):
                if number and answer.pause:
                    self.wfile.flush()
                    self.server.closing.wait(answer.pause)
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            self.wfile.write(b"" if answer.ending else b"0\r\n\r\n")
            self.wfile.flush()
            if answer.ending == "stall":
                self.server.closing.wait(60)
            elif answer.ending == "reset":
                self.server.closing.wait(0.05)  # else the reset overtakes what was sent
                self._reset()

    def _send_without_end(self, answer: ServerAnswer) -> None:
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
        piece = {
            "body": b"%x\r\n%b\r\n" % (len(answer.body), answer.body),
            "headers": b"X-Again: %b\r\n" % (b"x" * 1000),
            "interim": b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n",
        }[answer.endless]
        self.close_connection = True
        with contextlib.suppress(OSError):  # the client has hung up
            self.wfile.write({"body": head + b"\r\n", "headers": head, "interim": b""}[answer.endless])
            while not self.server.closing.is_set():
                self.wfile.write(piece)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class named it
        """Log nothing: the journal is the log."""
