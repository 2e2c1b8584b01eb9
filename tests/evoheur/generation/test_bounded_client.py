"""What a server can do to the process that asks it, on a real one on the loopback interface."""

import json
import resource
import time
import zlib
from collections.abc import Callable

import pytest

from evoheur.errors import GenerationError, GeneratorDown, GeneratorRefused
from evoheur.generation.bounded_client import MAX_ANSWER
from evoheur.testing.endpoint_server import ScriptedEndpoint, ServerAnswer, compressed, endless, raw, redirect, reply
from tests.evoheur.generation.support.asking import KEY, ask

_OF_GZIP = 16 + zlib.MAX_WBITS


def bomb(encoding: str) -> ServerAnswer:
    """256 MiB of spaces, packed piece by piece, so that they are in nobody's memory."""
    packer = zlib.compressobj(level=1, wbits=_OF_GZIP if encoding == "gzip" else zlib.MAX_WBITS)
    body = b"".join(packer.compress(b" " * 2**20) for _ in range(256)) + packer.flush()
    return ServerAnswer(kind=encoding, body=body, headers={"Content-Encoding": encoding})


def packed_twice() -> ServerAnswer:
    return ServerAnswer(kind="twice", body=compressed(bomb("gzip").body).body, headers={"Content-Encoding": "gzip, gzip"})


FLOODS: dict[str, Callable[[], ServerAnswer]] = {
    "a packed body": lambda: bomb("gzip"),
    "a body packed twice": packed_twice,
    "a body packed by deflate": lambda: bomb("deflate"),
    "a plain body": lambda: raw(b" " * (MAX_ANSWER + 1)),
    "a body without end": lambda: endless("body"),
}


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
def test_an_answer_that_is_too_large_is_given_up_at_the_limit(flood: Callable[[], ServerAnswer]) -> None:
    """It is a fault with a reason, tried again as others are; the client hangs up instead of reading on."""
    answer = flood()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()
    told = ask([answer, answer], max_attempts=2, timeout_seconds=60)
    assert isinstance(told.error, GenerationError)
    assert (told.error.reason, told.error.attempts) == ("too-large", 2)
    assert f"more than {MAX_ANSWER:,} bytes" in str(told.error)
    assert time.monotonic() - started < 30
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024  # KiB; the body has 256 MiB


def test_a_packed_answer_of_common_size_is_read() -> None:
    """What a model writes at its longest, packed as servers do it."""
    answer = reply("x" * 1_000_000)
    told = ask([compressed(answer.body), compressed(answer.body, "deflate"), compressed(answer.body, times=3)])
    assert told.completion is not None
    assert told.completion.text == "x" * 1_000_000


@pytest.mark.parametrize("part", ["headers", "interim"])
def test_a_head_without_end_is_a_fault(part: str) -> None:
    """Headers have a limit of their own, and interim answers meet that of time. Nothing ever got through, so it is an outage."""
    answer = endless("headers") if part == "headers" else endless("interim")
    told = ask([answer], max_attempts=1, timeout_seconds=1, outage_minutes=0.001)
    assert isinstance(told.error, GeneratorDown)
    assert told.error.attempts == 1


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "gzip, " * 9 + "gzip", "nonsense"])
def test_a_body_that_is_not_packed_as_it_says_is_a_fault(encoding: str) -> None:
    told = ask([ServerAnswer(kind="lie", body=b"\x1f\x8b garbage", headers={"Content-Encoding": encoding})], max_attempts=1)
    assert isinstance(told.error, GenerationError)
    assert told.error.reason in {"connection", "bad-reply"}


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(code: int) -> None:
    """Neither prompt nor key reaches the other address; the run stops, and is told where the server wanted to send it."""
    with ScriptedEndpoint([reply("gotcha")] * 9) as other:
        target = other.base_url.replace("http://", "http://user:secret@") + f"/chat/completions?key={KEY}"
        told = ask([redirect(target, code)])
        assert other.journal == ()
    assert isinstance(told.error, GeneratorRefused)
    assert len(told.server.journal) == 1
    assert f"HTTP {code} sends the prompt on to {other.base_url}/chat/completions, which is not followed" in str(told.error)
    assert KEY not in str(told.error)
    assert "secret" not in str(told.error)


@pytest.mark.parametrize(
    "location", ["/v2/chat/completions", "//elsewhere.example", "http://[::", "javascript:alert(1)", "", "\x7f"]
)
def test_a_redirect_to_anywhere_stops_the_run(location: str) -> None:
    """Also to the same server, and to no address at all: what it says does not matter."""
    told = ask([redirect(location)])
    assert isinstance(told.error, GeneratorRefused)
    assert "which is not followed" in str(told.error)


@pytest.mark.parametrize(
    "error",
    [{"code": {"a": 1}}, {"code": [1], "type": {}}, {"message": {"deep": [1]}}, [], "text", 7, {"code": True}, {"type": 3}, None],
)
@pytest.mark.parametrize("code", [400, 500, 200])
def test_an_error_of_any_form_is_a_fault(error: object, code: int) -> None:
    """Its code and type are words where they are words, and nothing otherwise."""
    told = ask([ServerAnswer(kind="error", code=code, body=json.dumps({"error": error}).encode())], max_attempts=1)
    assert isinstance(told.error, GenerationError)
    assert told.error.reason in {"bad-request", "server-error", "bad-reply"}


@pytest.mark.parametrize("code", [200, 400])
def test_an_integer_that_cannot_be_written_out_is_a_fault(code: int) -> None:
    body = b'{"error": {"code": ' + b"9" * 5000 + b', "message": ' + b"9" * 5000 + b"}}"
    told = ask([ServerAnswer(kind="error", code=code, body=body)], max_attempts=1)
    assert isinstance(told.error, GenerationError)
    assert told.error.reason in {"bad-request", "bad-reply"}
