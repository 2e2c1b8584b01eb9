"""The scripted server does what it is told, seen by a plain HTTP client."""

import http.client
import json
from urllib.parse import urlsplit

import pytest

from evoheur.testing.endpoint_server import Received, ScriptedEndpoint, ServerAnswer, cut_body, html, reply, reset, status
from evoheur.testing.streamed_answers import StreamCourse, streamed, streamed_response


def post(
    base_url: str, text: str = "hi", path: str = "/chat/completions", *, seconds: float = 30
) -> tuple[int, dict[str, str], bytes]:
    """One request on its own connection: status, headers, body."""
    url = urlsplit(base_url)
    connection = http.client.HTTPConnection(url.hostname or "", url.port, timeout=seconds)
    try:
        body = json.dumps({"messages": [{"role": "user", "content": text}]})
        connection.request("POST", url.path + path, body, {"Authorization": "Bearer k"})
        response = connection.getresponse()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
    finally:
        connection.close()


def test_answers_come_in_the_order_of_the_script() -> None:
    """Each request takes the next answer; the journal holds both sides, and only usable answers count tokens."""
    with ScriptedEndpoint(
        [reply("one", tokens=(1, 2)), status(503, retry_after="4"), html(), reply("two", tokens=(3, 4))]
    ) as server:
        first = post(server.base_url)
        assert json.loads(first[2])["choices"][0]["message"]["content"] == "one"
        code, headers, body = post(server.base_url)
        assert (code, headers["retry-after"], json.loads(body)["error"]["message"]) == (503, "4", "scripted")
        assert post(server.base_url)[1]["content-type"] == "text/html"
        post(server.base_url, "last")
        assert [exchange.answer.kind for exchange in server.journal] == ["reply", "status 503", "html", "reply"]
        assert [exchange.received.number for exchange in server.journal] == [1, 2, 3, 4]
        assert (server.journal[-1].received.prompt, server.journal[-1].received.authorization) == ("last", "Bearer k")
        assert server.tokens == (4, 6)


def test_broken_connections() -> None:
    """A reset is a reset, not an end; a cut body is shorter than announced."""
    with ScriptedEndpoint([reset(), cut_body()]) as server:
        with pytest.raises(ConnectionResetError):
            post(server.base_url)
        with pytest.raises(http.client.IncompleteRead):
            post(server.base_url)
        assert server.tokens == (0, 0)


def test_rules_and_ends() -> None:
    """A function answers by the request; beyond a script's end and beside the one path there are refusals."""

    def rule(received: Received) -> ServerAnswer:
        return reply(received.prompt.upper())

    with ScriptedEndpoint(rule) as server:
        assert b'"HELLO"' in post(server.base_url, "hello")[2]
        assert post(server.base_url, path="/models")[0] == 404
    with ScriptedEndpoint([]) as server:
        code, _, body = post(server.base_url)
        assert code == 400
        assert b"the script has 0 answers and this is request 1" in body


def test_streams() -> None:
    """A whole one comes whole; one that is hung up is shorter, and both are billed, as far as they came."""
    with ScriptedEndpoint(
        [streamed("one two three"), streamed("one two three", StreamCourse(sent=2, ending="hang-up"))]
    ) as server:
        code, headers, body = post(server.base_url)
        assert (code, headers["content-type"]) == (200, "text/event-stream")
        assert body.endswith(b"data: [DONE]\n\n")
        with pytest.raises(http.client.IncompleteRead) as caught:
            post(server.base_url)
        assert caught.value.partial.count(b"data: ") == 3
        assert server.tokens == (10, 4)
        assert server.billed == (20, 6)
    with ScriptedEndpoint([streamed_response("one two")]) as server:
        assert b'"type": "response.completed"' in post(server.base_url, path="/responses")[2]


def test_a_stream_may_stall_or_be_reset() -> None:
    with ScriptedEndpoint([streamed("one", StreamCourse(ending="reset"))]) as server, pytest.raises(ConnectionResetError):
        post(server.base_url)
    with ScriptedEndpoint([streamed("one", StreamCourse(ending="stall"))]) as server, pytest.raises(TimeoutError):
        post(server.base_url, seconds=0.3)
