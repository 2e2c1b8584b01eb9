"""How long a call may wait for its answer, alone and in a server's queue."""

import asyncio
from collections.abc import Sequence

import pytest

from evoheur.generation.sent_call import SentCall
from tests.support.virtual_time import run_in_virtual_time


async def waited(
    call: SentCall,
    others: Sequence[SentCall],
    *,
    seconds: float = 0.1,
    every: float = 0.02,
    latest: float = 0.5,
    began: bool = False,
) -> float:
    """Seconds until a call runs out of time while others are answered again and again, or until they all are."""
    started = asyncio.get_running_loop().time()
    try:
        async with asyncio.timeout(seconds) as timer:
            with call.waiting(timer, seconds, latest=started + latest):
                if began:
                    call.is_answered()
                for other in others:
                    await asyncio.sleep(every)
                    call.heard_of(other, now=call.began + asyncio.get_running_loop().time() - started)
                await asyncio.sleep(10)
    except TimeoutError:
        pass
    return asyncio.get_running_loop().time() - started


def sent(began: float = 0.0) -> SentCall:
    return SentCall(began)


def test_an_answer_to_a_call_that_came_before_puts_off_the_end() -> None:
    """The last of six, 0.04 s apart, gives it another 0.2 s."""
    call = sent()
    assert run_in_virtual_time(waited(call, [sent()] * 6, seconds=0.2, every=0.04)) == pytest.approx(0.44)
    assert call.was_queued


def test_without_other_answers_it_ends_in_time() -> None:
    call = sent()
    assert run_in_virtual_time(waited(call, [])) == pytest.approx(0.1)
    assert not call.was_queued


def test_an_answer_to_a_call_that_came_much_later_shows_that_it_is_stuck() -> None:
    call = sent()
    assert run_in_virtual_time(waited(call, [sent(0.3)] * 50)) == pytest.approx(0.1)
    assert not call.was_queued


def test_there_is_an_end_in_any_case() -> None:
    assert run_in_virtual_time(waited(sent(), [sent()] * 1000, latest=0.35)) == pytest.approx(0.35)


def test_once_the_answer_has_begun_others_do_not_matter() -> None:
    assert run_in_virtual_time(waited(sent(), [sent()] * 50, began=True)) == pytest.approx(0.1)
