"""Reading the events of a stream."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.generation.event_stream import EndWatch, event_texts, is_event_stream
from evoheur.testing.endpoint_server import ServerAnswer
from evoheur.testing.streamed_answers import streamed, streamed_response

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=20)


@given(st.lists(st.lists(TEXTS, min_size=1, max_size=3)), st.sampled_from(["\n", "\r\n"]))
def test_texts_come_back_whatever_they_are(events: list[list[str]], line: str) -> None:
    """Also where they have several lines, and between comments."""
    written = "".join(f": note{line}" + "".join(f"data: {part}{line}" for part in event) + line for event in events)
    assert list(event_texts(written.encode())) == ["\n".join(event) for event in events]


def test_a_blank_after_the_colon_is_not_needed_and_an_event_may_be_cut() -> None:
    assert list(event_texts(b'event: x\nid: 3\ndata:{"a": 1}\n\ndata: {"b')) == ['{"a": 1}', '{"b']


@pytest.mark.parametrize("body", [b"", b'{"data": 1}', b": waiting\n\n{}", b"<p>data: no</p>", b'{\n  "data": 2}'])
def test_what_is_no_stream(body: bytes) -> None:
    assert not is_event_stream(body)
    assert is_event_stream(body + b"\n\ndata: {}")


@pytest.mark.parametrize("answer", [streamed("some words here"), streamed_response("some words here")], ids=["chat", "responses"])
@pytest.mark.parametrize("line", [b"\n", b"\r\n"])
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_the_end_of_a_stream_is_seen_when_it_has_come_and_not_before(answer: ServerAnswer, line: bytes, size: int) -> None:
    """However the bytes are dealt out."""
    body = b"".join(answer.pieces).replace(b"\n", line)
    watch, seen = EndWatch(), bytearray()
    for place in range(0, len(body), size):
        seen += body[place : place + size]
        assert watch.has_ended(seen) == (len(seen) == len(body))


def test_a_model_that_writes_of_the_end_does_not_end_the_stream() -> None:
    body = b"".join(streamed("say data: [DONE]\n\ndata: [DONE]\n\n", done=False).pieces)
    assert not EndWatch().has_ended(bytearray(body))
