"""The prompts of a run so far, for generators that go by them."""

from abc import abstractmethod
from collections.abc import Sequence
from functools import cached_property
from typing import Generic, TypeVar, overload

from evoheur.archive.extent import Extent
from evoheur.archive.reader import ArchiveReader
from evoheur.archive.records import Told
from evoheur.request import Message

__all__ = ["AnsweredPrompts", "AskedPrompts"]

_Prompt = tuple[Message, ...]
_PROMPTS = Extent(texts=False, results=False)
_Entry = TypeVar("_Entry")


class _PromptsOfRun(Sequence[_Entry], Generic[_Entry]):
    """Prompts that are read once somebody looks; most generators never do.

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
    def __getitem__(self, index: int) -> _Entry: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[_Entry]: ...

    def __getitem__(self, index: int | slice) -> _Entry | Sequence[_Entry]:
        return self._prompts[index]

    @cached_property
    def _prompts(self) -> Sequence[_Entry]:
        return self._read()

    @abstractmethod
    def _read(self) -> Sequence[_Entry]: ...


class AnsweredPrompts(_PromptsOfRun[_Prompt]):
    """The answered prompts of a run, in the order of asking."""

    def _read(self) -> Sequence[_Prompt]:
        return [messages for messages, _ in self._archive.replies(self._run)]


class AskedPrompts(_PromptsOfRun[tuple[_Prompt, bool]]):
    """All prompts of a run in the order of asking, each with whether its call is over."""

    def _read(self) -> Sequence[tuple[_Prompt, bool]]:
        prompts: dict[int, tuple[_Prompt, bool]] = {}
        for entry in self._archive.log(self._archive.run(self._run).id, _PROMPTS):
            asked = entry.asked if isinstance(entry, Told) else entry
            if asked.kind.asks_model:
                prompts[asked.number] = asked.messages, isinstance(entry, Told) or asked.completion is not None
        return list(prompts.values())
