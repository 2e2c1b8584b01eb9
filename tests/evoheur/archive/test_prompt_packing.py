"""Prompts that take little room and come back as they were."""

import random
import string
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.archive.prompt_packing import Packed, PromptPacker, pack, unpack
from evoheur.request import Message

TEXT = st.text(st.characters(), max_size=40)  # lone surrogates and NUL included
PROMPTS = st.lists(st.builds(Message, role=TEXT, content=TEXT), max_size=3).map(tuple)


class Dictionaries:
    """Where a packer stores its dictionaries."""

    def __init__(self) -> None:
        self.stored: dict[int | None, bytes] = {None: b""}
        self._ids = count(1)

    def store(self, dictionary: bytes) -> int:
        row_id = next(self._ids)
        self.stored[row_id] = dictionary
        return row_id


def alike(number: int) -> tuple[Message, ...]:
    """A prompt of 5 kB, of which a parent of 300 characters is its own."""
    draw = random.Random(number)
    task = "".join(random.Random(0).choices(string.ascii_letters + " ", k=4700))
    return (
        Message(role="system", content="You write heuristics."),
        Message(role="user", content=task + "".join(draw.choices(string.ascii_letters + " ", k=300))),
    )


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_any_text_is_unpacked_with_the_dictionary_it_was_packed_with(text: bytes, dictionary: bytes) -> None:
    assert unpack(pack(text, dictionary), dictionary) == text


@given(st.lists(PROMPTS, max_size=5))
def test_no_prompt_takes_room_where_there_are_no_messages(prompts: list[tuple[Message, ...]]) -> None:
    there, packer = Dictionaries(), PromptPacker()
    for messages in prompts:
        assert bool(packer.pack(messages, there.store).prompt) == bool(messages)


def test_prompts_that_are_alike_take_a_ninth_and_less() -> None:
    """Dictionaries included."""
    there, packer = Dictionaries(), PromptPacker()
    packed = [packer.pack(alike(number), there.store) for number in range(300)]
    room = sum(len(one.prompt) for one in packed) + sum(len(pack(one, b"")) for one in there.stored.values())
    assert room < 300 * 5000 / 9
    assert unpack(packed[299].prompt, there.stored[packed[299].dictionary_id]).endswith(b'"}]')


def test_a_dictionary_is_made_of_the_first_prompt_and_again_every_hundred() -> None:
    there, packer = Dictionaries(), PromptPacker()
    used = [packer.pack(alike(number), there.store).dictionary_id for number in range(250)]
    assert used == [None, *[1] * 100, *[2] * 100, *[3] * 49]
    assert all(len(dictionary) <= 32_000 for dictionary in there.stored.values())


@pytest.mark.parametrize("length", [40_000, 100_000])
def test_a_prompt_that_is_longer_than_deflate_looks_back_is_packed_too(length: int) -> None:
    there, packer = Dictionaries(), PromptPacker()
    for number in range(3):
        packed = packer.pack((Message(role="user", content=str(number) * length),), there.store)
        text = unpack(packed.prompt, there.stored[packed.dictionary_id])
        assert text == b'[{"role": "user", "content": "' + str(number).encode() * length + b'"}]'


def test_no_messages_are_no_prompt_and_make_no_dictionary() -> None:
    there, packer = Dictionaries(), PromptPacker()
    assert [packer.pack((), there.store) for _ in range(3)] == [Packed()] * 3
    assert there.stored == {None: b""}
