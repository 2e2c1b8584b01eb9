"""How many calls an endpoint bears at once."""

import math

from evoheur.generation.concurrency_limit import ConcurrencyLimit


def begun(calls: int) -> ConcurrencyLimit:
    limit = ConcurrencyLimit()
    for number in range(1, calls + 1):
        assert limit.allows(number - 1)
        limit.began(number)
    return limit


def test_a_sign_of_too_many_halves_them_once_for_all_that_were_sent_before() -> None:
    limit = begun(16)
    assert limit.was_too_much(under_way=16, call_began=0.0, now=5.0)
    assert limit.limit == 8
    assert not limit.was_too_much(under_way=15, call_began=0.0, now=5.0)
    assert limit.limit == 8
    assert limit.was_too_much(under_way=8, call_began=6.0, now=9.0)
    assert limit.limit == 4


def test_a_success_adds_one_until_as_many_go_well_as_were_ever_wanted() -> None:
    limit = begun(16)
    limit.was_too_much(under_way=16, call_began=0.0, now=5.0)
    limit.succeeded()
    assert limit.limit == 9
    assert limit.allows(8)
    assert not limit.allows(9)
    for _ in range(7):
        limit.succeeded()
    assert math.isinf(limit.limit)


def test_one_call_is_never_too_many() -> None:
    limit = begun(1)
    assert not limit.was_too_much(under_way=1, call_began=0.0, now=5.0)
    assert math.isinf(limit.limit)


def test_after_an_outage_it_begins_with_one() -> None:
    limit = begun(16)
    limit.begin_anew(7.0)
    assert limit.allows(0)
    assert not limit.allows(1)
    assert not limit.was_too_much(under_way=16, call_began=3.0, now=8.0)
