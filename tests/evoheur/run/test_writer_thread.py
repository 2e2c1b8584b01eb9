"""The thread writes in order, together what it can, and tells everybody what became of it."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest

from evoheur.errors import ArchiveLost, EvoheurError
from evoheur.run.writer_thread import WriterThread


class Paper:
    """An archive that keeps words, and writes none before it may.

    Attributes:
        kept: Transactions that were committed: their words, and whether a power cut may undo them.
        may_write: Set from the beginning, unless a test holds it back.
    """

    def __init__(self) -> None:
        self.kept: list[tuple[list[str], bool]] = []
        self.may_write = threading.Event()
        self.may_write.set()
        self._words: list[str] = []

    @property
    def words(self) -> list[str]:
        return [word for words, _ in self.kept for word in words]

    def write(self, word: str) -> str:
        if word == "smudge":
            raise ValueError("it cannot be written")
        if word == "torn":
            raise ArchiveLost("there is no paper any more")
        self._words.append(word)
        return word.upper()

    @contextmanager
    def together(self, *, relaxed: bool) -> Iterator[None]:
        self.may_write.wait()
        self._words = []
        yield
        self.kept.append((self._words, relaxed))


def written(paper: Paper, *words: str, failed: Callable[[EvoheurError], None] | None = None) -> Sequence[object]:
    """What becomes of words that are given to the thread in a row, while it waits for the first; "!" begins one that no cut may undo."""

    async def scenario() -> Sequence[object]:
        thread = WriterThread(paper, failed or (lambda _error: None))
        paper.may_write.clear()
        first = thread.written(lambda: paper.write("first"))
        await asyncio.sleep(0.01)  # the loop goes on, and the thread has the first word only
        assert not first.done()
        waiting = [thread.written(lambda word=word: paper.write(word.strip("!")), relaxed="!" not in word) for word in words]  # type: ignore[misc]
        paper.may_write.set()
        found = await asyncio.gather(first, *waiting, return_exceptions=True)
        thread.close()
        thread.close()
        return found[1:]

    return asyncio.run(scenario())


def test_what_comes_while_it_writes_is_one_transaction_in_its_order() -> None:
    """Which no power cut may undo if it may not undo one part of it."""
    paper = Paper()
    assert written(paper, "a", "b", "c") == ["A", "B", "C"]
    assert paper.words == ["first", "a", "b", "c"]
    assert len(paper.kept) <= 2
    strict = Paper()
    written(strict, "a", "!paid", "c")
    [relaxed] = [relaxed for words, relaxed in strict.kept if "paid" in words]
    assert not relaxed


def test_what_cannot_be_written_hurts_nothing_else() -> None:
    paper = Paper()
    first, smudged, last = written(paper, "a", "smudge", "c")
    assert (first, last) == ("A", "C")
    assert isinstance(smudged, ValueError)
    assert paper.words == ["first", "a", "c"]


def test_a_lost_archive_is_said_at_once_and_once() -> None:
    """Before those hear of it who wait for what they wrote."""
    errors: list[EvoheurError] = []
    found = written(Paper(), "torn", "torn", failed=errors.append)
    assert [type(error) for error in found] == [ArchiveLost, ArchiveLost]
    assert [str(error) for error in errors] == ["there is no paper any more"]


def test_what_was_given_before_the_end_is_written(recwarn: pytest.WarningsRecorder) -> None:
    """Also where nobody waits for it any more; and what went wrong then is nobody's surprise."""
    paper = Paper()

    async def scenario() -> None:
        thread = WriterThread(paper, lambda _error: None)
        given_up = thread.written(lambda: paper.write("a"))
        given_up.cancel()
        thread.written(lambda: paper.write("smudge"))
        thread.written(lambda: paper.write("b"))
        thread.close()
        await asyncio.sleep(0)

    asyncio.run(scenario())
    assert paper.words == ["a", "b"]
    assert not recwarn.list
