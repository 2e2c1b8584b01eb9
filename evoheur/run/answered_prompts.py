"""The prompts that a run has replies to, for generators that go by them."""

from collections.abc import Sequence
from functools import cached_property
from typing import overload

from evoheur.archive.reader import ArchiveReader
from evoheur.request import Message

__all__ = ["AnsweredPrompts"]

_Prompt = tuple[Message, ...]


class AnsweredPrompts(Sequence[_Prompt]):
    """The answered prompts of a run, in the order of asking.

    They are read once somebody looks; most generators never do.

    Args:
        archive: Has the run.
        run: Its name.
    """

    def __init__(self, archive: ArchiveReader, run: str) -> None:
        self._archive = archive
        self._run = run

    def __len__(self) -> int:
        return len(self._prompts)

    @overload
    def __getitem__(self, index: int) -> _Prompt: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[_Prompt]: ...

    def __getitem__(self, index: int | slice) -> _Prompt | Sequence[_Prompt]:
        return self._prompts[index]

    @cached_property
    def _prompts(self) -> Sequence[_Prompt]:
        return [messages for messages, _ in self._archive.replies(self._run)]
