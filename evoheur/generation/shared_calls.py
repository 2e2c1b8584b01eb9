"""One call for several requests with the same prompt, which a server answers with several choices."""

import asyncio
import dataclasses
import itertools
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

from evoheur.errors import GenerationError, GeneratorDown
from evoheur.request import Completion, Usage

__all__ = ["SharedCalls", "shares"]

_TOGETHER_SECONDS = 0.02  # so long a first request waits for others; a strategy asks for what it wants at once in less
PromptT = TypeVar("PromptT")


class SharedCalls(Generic[PromptT]):
    """Asks once for requests that come together and have the same prompt.

    Args:
        ask: Makes the call for a prompt, with the number of replies that are wanted; it may bring fewer, and brings one at least.
        most: Most requests that share a call.
    """

    def __init__(self, ask: Callable[[PromptT, int], Awaitable[Sequence[Completion]]], most: int) -> None:
        self._ask = ask
        self._most = most
        self._open: dict[Hashable, _Group] = {}

    async def reply(self, key: Hashable, prompt: PromptT) -> Completion:
        """The reply to one of the requests.

        Whoever gets none, because the server gave fewer than it was asked for, asks alone.

        Args:
            key: What requests that share a call have in common.
            prompt: What is asked if this request is the first of them.

        Raises:
            GenerationError: The call failed. Its calls and tokens are told to the first of the requests only.
            GeneratorDown: Nothing gets through; likewise.
        """
        group = self._open.get(key)
        if group is None:
            group = self._open[key] = _Group()
            group.call = asyncio.ensure_future(self._called(key, prompt, group))
        place = group.members
        group.members += 1
        group.waiting += 1
        if group.members == self._most:
            self._close(key, group)
        try:
            replies = await asyncio.shield(group.call)
        except GeneratorDown as error:
            if place:
                raise GeneratorDown(str(error), is_hopeless=error.is_hopeless) from error
            raise
        except GenerationError as error:
            if place:
                raise GenerationError(str(error), reason=error.reason, attempts=0) from error
            raise
        finally:
            group.waiting -= 1
            if not group.waiting:
                self._close(key, group)
                group.call.cancel()  # who wanted it is gone, or it is done
        if place < len(replies):
            return replies[place]
        [alone] = await self._ask(prompt, 1)
        return alone

    async def _called(self, key: Hashable, prompt: PromptT, group: "_Group") -> Sequence[Completion]:
        await asyncio.sleep(_TOGETHER_SECONDS)
        self._close(key, group)
        return await self._ask(prompt, group.members)

    def _close(self, key: Hashable, group: "_Group") -> None:
        if self._open.get(key) is group:
            del self._open[key]


class _Group:
    """Requests that share a call."""

    call: asyncio.Future[Sequence[Completion]]

    def __init__(self) -> None:
        self.members = 0
        self.waiting = 0


def shares(whole: Usage, lengths: Sequence[int]) -> list[Usage]:
    """The tokens of a call, shared among its replies so that their sum is the call's.

    Those of the prompt, which was sent once, evenly; those of the replies by their lengths.

    Args:
        whole: Tokens of the call.
        lengths: Characters of each reply, at least one.
    """
    weights = [length or 1 for length in lengths]
    even = [1] * len(lengths)
    sent, cached = _split(whole.prompt_tokens, even), _split(whole.cached_tokens, even)
    written, thought = _split(whole.completion_tokens, weights), _split(whole.reasoning_tokens, weights)
    return [
        dataclasses.replace(
            whole,
            prompt_tokens=sent[place],
            completion_tokens=written[place],
            cached_tokens=cached[place],
            reasoning_tokens=thought[place],
        )
        for place in range(len(lengths))
    ]


def _split(total: int, weights: Sequence[int]) -> list[int]:
    """A whole number in whole parts of given weights; each is the difference of two rounded sums."""
    bounds, up_to = [0], 0
    for weight in weights:
        up_to += weight
        bounds.append(total * up_to // sum(weights))
    return [after - before for before, after in itertools.pairwise(bounds)]
