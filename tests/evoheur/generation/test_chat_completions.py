"""Streams of chat completions, put together."""

import json

from hypothesis import given
from hypothesis import strategies as st

from evoheur.generation.chat_completions import ChatCompletions
from evoheur.generation.event_stream import event_texts
from evoheur.testing.streamed_answers import chunk

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["choices", "delta", "content", "error", "finish_reason", "usage", "index", "model"]), inner
        )
    ),
    max_leaves=12,
)


@given(st.lists(JSON.map(json.dumps) | st.text()))
def test_any_stream_is_survived(events: list[str]) -> None:
    """Whatever servers send; what says that it is whole has text or an end."""
    reader = ChatCompletions().reader()
    for said in events:
        reader.take(said)
    if reader.whole:
        assert reader.answer.text or reader.answer.finish or reader.answer.reasoning


@given(st.lists(st.text(st.characters(codec="utf-8"))))
def test_the_text_is_that_of_the_pieces_in_order(pieces: list[str]) -> None:
    reader = ChatCompletions().reader()
    for piece in pieces:
        [said] = event_texts(chunk({"content": piece}))
        reader.take(said)
    assert reader.answer.text == "".join(pieces)
    assert reader.pieces == sum(bool(piece) for piece in pieces)
    assert not reader.whole
