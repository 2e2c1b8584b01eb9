"""The account of the calls for one request."""

import pytest

from evoheur.generation.call_account import CallAccount
from evoheur.generation.generator import CallsLost
from evoheur.generation.received_answer import CallLimits
from evoheur.request import Completion, Usage


def lost(written: int, cost: float | None = 1.0) -> Completion:
    return Completion(text="", model="m", usage=Usage(prompt_tokens=5, completion_tokens=written, estimated=True), cost_usd=cost)


REPLY = Completion(text="hello", model="m", usage=Usage(prompt_tokens=3, completion_tokens=4), cost_usd=2.0, price_source="table")


def test_a_reply_alone_stays_as_it_is() -> None:
    assert CallAccount().with_lost(REPLY) == REPLY


def test_what_was_lost_is_added_and_marks_the_sum() -> None:
    found = CallAccount(lost=[lost(7), lost(8)]).with_lost(REPLY)
    assert found.usage == Usage(prompt_tokens=13, completion_tokens=19, estimated=True)
    assert (found.text, found.cost_usd, found.price_source) == ("hello", 4.0, "table")


def test_a_price_that_is_unknown_for_a_part_is_unknown_for_all() -> None:
    found = CallAccount(lost=[lost(7, None)]).with_lost(REPLY)
    assert (found.cost_usd, found.price_source) == (None, None)


def test_a_failure_without_tokens_has_no_completion() -> None:
    error = CallAccount().failure("it broke", reason="connection", attempts=3)
    assert not isinstance(error, CallsLost)
    assert (str(error), error.reason, error.attempts) == ("it broke", "connection", 3)


def test_a_failure_with_tokens_has_them() -> None:
    error = CallAccount(lost=[lost(7), lost(8)]).failure("it broke", reason="timeout", attempts=3, seconds=9.0)
    assert isinstance(error, CallsLost)
    assert error.completion.usage == Usage(prompt_tokens=10, completion_tokens=15, estimated=True)
    assert (error.completion.attempts, error.attempts, error.completion.seconds) == (3, 3, 9.0)
    assert (error.completion.text, error.completion.lost_reason) == ("it broke", "timeout")
    assert REPLY.lost_reason == ""


@pytest.mark.parametrize(("cuts", "longer", "spent"), [(0, 1, False), (1, 4, False), (2, 4, True), (9, 4, True)])
def test_a_silence_may_last_longer_after_a_cut_and_two_are_enough(cuts: int, longer: int, spent: bool) -> None:
    account = CallAccount(cuts=cuts)
    found = account.limits(CallLimits(first=2.0, idle=1.0, longest=9.0))
    assert found == CallLimits(first=2.0 * longer, idle=1.0 * longer, longest=9.0)
    assert account.is_spent is spent
