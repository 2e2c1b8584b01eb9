"""What is known of an endpoint from all calls to it, and what each of them does about it."""

import asyncio
import math

import pytest

from evoheur.errors import GeneratorDown
from evoheur.generation.api_faults import Fault, Remedy
from evoheur.generation.retry import Tried
from tests.evoheur.generation.support.gates import Endpoint

DOWN = Fault(reason="connection", message="refused")
BROKEN = Fault(reason="server-error", message="HTTP 500", status=500)
LIMITED = Fault(reason="rate-limited", message="HTTP 429", status=429)
REFUSED = Fault(reason="refused", message="HTTP 402", remedy=Remedy.DOUBT, status=402)
LOST_WAY = Fault(reason="refused", message="HTTP 404", remedy=Remedy.DOUBT, status=404)
NAMES = [f"r{number}" for number in range(16)]


def remedies(told: list[Tried[str] | BaseException]) -> list[object]:
    """Of each request: its reply, what was to be done about its fault, or the kind of its error."""
    found: list[object] = []
    for each in told:
        if isinstance(each, BaseException):
            found.append(type(each))
        else:
            found.append(each.result.remedy if isinstance(each.result, Fault) else each.result)
    return found


@pytest.mark.parametrize("minutes", [1, 40, 3000])
def test_an_outage_of_any_length_costs_no_request(minutes: float) -> None:
    """One try at a time, at most every five minutes; afterwards all are answered, and slowly at first."""
    under_way = 0
    tries: list[int] = []

    async def answer(_name: str) -> str | Fault:
        nonlocal under_way
        under_way += 1
        if endpoint.gate.is_shut:
            tries.append(under_way)
        await endpoint.time.sleep(0.5)
        under_way -= 1
        return "hello" if endpoint.time.now > 60 * minutes else DOWN

    endpoint = Endpoint(answer, outage_minutes=math.inf)
    told = endpoint.time.run(endpoint.ask_all(*NAMES))
    assert remedies(told) == ["hello"] * 16
    assert max(tries) == 1
    assert len(endpoint.journal) < 16 * 2 + 10 + minutes / 5 + 10
    assert endpoint.time.now < 60 * minutes + 300 + 60
    assert [news.is_over for news in endpoint.news][-2:] == [False, True]
    assert {news.next_try is not None for news in endpoint.news[:-1]} == {True}


def test_after_its_time_an_outage_ends_all_requests_at_once() -> None:
    async def answer(_name: str) -> str | Fault:
        return DOWN

    endpoint = Endpoint(answer, outage_minutes=10)
    told = endpoint.time.run(endpoint.ask_all(*NAMES))
    assert remedies(told) == [GeneratorDown] * 16
    assert endpoint.time.now == pytest.approx(600.0)
    assert sum(error.attempts for error in told if isinstance(error, GeneratorDown)) == len(endpoint.journal)


def test_a_quota_that_is_renewed_too_late_says_when_and_is_not_waited_for() -> None:
    async def answer(_name: str) -> str | Fault:
        return Fault(reason="rate-limited", message="requests per day", long_quota=True, retry_after=6 * 3600.0)

    endpoint = Endpoint(answer, outage_minutes=60)
    [told] = endpoint.time.run(endpoint.ask_all("a"))
    assert isinstance(told, GeneratorDown)
    assert "on, when the quota is renewed" in str(told)
    assert endpoint.time.now < 1


def test_a_quota_that_is_renewed_in_time_is_waited_for() -> None:
    async def answer(_name: str) -> str | Fault:
        if endpoint.time.now >= 1200:
            return "hello"
        wait = 1200 - endpoint.time.now
        return Fault(reason="rate-limited", message="requests per day", long_quota=True, retry_after=wait)

    endpoint = Endpoint(answer, outage_minutes=60)
    assert remedies(endpoint.time.run(endpoint.ask_all("a", "b"))) == ["hello", "hello"]
    assert endpoint.news[0].renewed_at is not None
    assert endpoint.time.now < 1600


def test_a_prompt_that_breaks_the_server_is_given_up_while_others_are_answered() -> None:
    """However long the others take, and although nothing gets through for times that look like outages."""

    async def answer(name: str) -> str | Fault:
        if name == "poison":
            return BROKEN
        await endpoint.time.sleep(200.0)
        return "hello"

    async def work() -> list[Tried[str] | BaseException]:
        async def others() -> None:
            for number in range(60):
                await endpoint.ask(f"r{number}")

        background = asyncio.ensure_future(others())
        told = await endpoint.ask_all("poison")
        await background
        return told

    endpoint = Endpoint(answer, outage_minutes=math.inf)
    assert remedies(endpoint.time.run(work())) == [Remedy.GIVE_UP]


def test_a_prompt_that_breaks_the_server_alone_is_blamed_once_and_then_it_is_an_outage() -> None:
    """With one request at a time nobody else can tell; the next one that meets the same shows that it is the server."""

    async def answer(name: str) -> str | Fault:
        return "hello" if name in {"first", "last"} else BROKEN

    async def one_by_one() -> list[Tried[str] | BaseException]:
        told = []
        for name in ("first", "poison", "last", "one", "two"):
            told += await endpoint.ask_all(name)
        return told

    endpoint = Endpoint(answer, outage_minutes=30)
    found = remedies(endpoint.time.run(one_by_one()))
    assert found == ["hello", Remedy.GIVE_UP, "hello", Remedy.GIVE_UP, GeneratorDown]
    assert endpoint.calls("poison") == endpoint.max_attempts


@pytest.mark.parametrize(("before", "found"), [(True, Remedy.GIVE_UP), (False, GeneratorDown)])
def test_what_breaks_the_server_at_once_is_blamed_if_others_were_answered_in_an_earlier_session(
    before: bool, found: object
) -> None:
    """So a run whose only open request breaks the server can be resumed."""

    async def answer(_name: str) -> str | Fault:
        return BROKEN

    endpoint = Endpoint(answer, outage_minutes=30, worked_before=before)
    assert remedies(endpoint.time.run(endpoint.ask_all("poison"))) == [found]


def test_one_refusal_among_answers_costs_that_request() -> None:
    """A prompt that is too long for the credit that is left."""

    async def answer(name: str) -> str | Fault:
        await endpoint.time.sleep(1.0)
        return REFUSED if name == "r3" else "hello"

    endpoint = Endpoint(answer)
    found = remedies(endpoint.time.run(endpoint.ask_all(*NAMES)))
    assert found == ["hello"] * 3 + [Remedy.GIVE_UP] + ["hello"] * 12
    assert endpoint.calls("r3") == 1


def test_one_404_of_a_balancer_is_tried_again_once() -> None:
    async def answer(name: str) -> str | Fault:
        await endpoint.time.sleep(1.0)
        if name == "nowhere" or (name == "r3" and endpoint.calls("r3") == 1):
            return LOST_WAY
        return "hello"

    endpoint = Endpoint(answer)
    told = endpoint.time.run(endpoint.ask_all("r1", "r2", "r3", "nowhere", "r4"))
    assert remedies(told) == ["hello", "hello", "hello", Remedy.GIVE_UP, "hello"]
    assert (endpoint.calls("r3"), endpoint.calls("nowhere")) == (2, 2)


@pytest.mark.parametrize("before", [True, False])
def test_what_all_are_refused_stops_the_run_and_gives_up_none(before: bool) -> None:
    """Such as a wrong model, or an account that is empty, in the middle of a run too."""

    async def answer(_name: str) -> str | Fault:
        await endpoint.time.sleep(0.1)
        return REFUSED if endpoint.time.now >= 5 else "hello"

    async def work() -> list[Tried[str] | BaseException]:
        if before:
            await endpoint.ask_all(*NAMES)
        await endpoint.time.sleep(5.0)
        return await endpoint.ask_all(*NAMES)

    endpoint = Endpoint(answer)
    assert remedies(endpoint.time.run(work())) == [Remedy.STOP] * 16


def test_replies_that_were_on_their_way_do_not_speak_for_an_account_that_is_empty_by_now() -> None:
    """What was sent before comes in for a minute; what is sent after is refused, so all is kept and the run stops."""

    async def answer(name: str) -> str | Fault:
        if endpoint.time.now > 1:
            return REFUSED
        await endpoint.time.sleep(5.0 * int(name[1:]))
        return "hello"

    async def work() -> list[Tried[str] | BaseException]:
        before = [asyncio.ensure_future(endpoint.ask(name)) for name in NAMES[:8]]
        await endpoint.time.sleep(2.0)
        return [*await endpoint.ask_all(*NAMES[8:]), *await asyncio.gather(*before)]

    endpoint = Endpoint(answer)
    assert remedies(endpoint.time.run(work())) == [Remedy.STOP] * 8 + ["hello"] * 8


def test_of_several_that_are_refused_on_resume_one_is_given_up_so_that_none_is_lost_for_good() -> None:
    async def answer(_name: str) -> str | Fault:
        await endpoint.time.sleep(1.0)
        return REFUSED

    endpoint = Endpoint(answer, worked_before=True)
    found = remedies(endpoint.time.run(endpoint.ask_all("a", "b", "c")))
    assert sorted(map(str, found)) == ["give-up", "stop", "stop"]


@pytest.mark.parametrize(("before", "expected"), [(True, [Remedy.GIVE_UP, "hello"]), (False, [Remedy.STOP, "hello"])])
def test_a_request_that_is_refused_first_is_given_up_if_others_were_answered_before(before: bool, expected: list[object]) -> None:
    """As on resume; in a new run it is the configuration that is wrong."""

    async def answer(name: str) -> str | Fault:
        return REFUSED if name == "again" else "hello"

    async def one_by_one() -> list[Tried[str] | BaseException]:
        return [*await endpoint.ask_all("again"), *await endpoint.ask_all("other")]

    endpoint = Endpoint(answer, worked_before=before)
    assert remedies(endpoint.time.run(one_by_one())) == expected


def test_all_wait_when_the_server_says_so_and_none_of_them_opens_an_outage() -> None:
    async def answer(_name: str) -> str | Fault:
        return "hello" if endpoint.time.now >= 20 else Fault(reason="rate-limited", message="", retry_after=20.0, status=429)

    async def work() -> list[Tried[str] | BaseException]:
        first = asyncio.ensure_future(endpoint.ask_all("a"))
        await endpoint.time.sleep(1.0)
        return [*await endpoint.ask_all("b", "c", "d"), *await first]

    endpoint = Endpoint(answer)
    assert remedies(endpoint.time.run(work())) == ["hello"] * 4
    assert len(endpoint.journal) == 5, "whoever came later did not even ask"
    assert endpoint.news == []


def test_a_server_that_takes_four_at_once_is_asked_four_at_once_soon() -> None:
    """Refusals for asking too much at a time halve the calls under way; no request is lost."""
    under_way, refused = 0, 0

    async def answer(_name: str) -> str | Fault:
        nonlocal under_way, refused
        if under_way >= 4:
            refused += 1
            return LIMITED
        under_way += 1
        await endpoint.time.sleep(2.0)
        under_way -= 1
        return "hello"

    endpoint = Endpoint(answer, outage_minutes=math.inf)
    names = [f"r{number}" for number in range(64)]
    assert remedies(endpoint.time.run(endpoint.ask_all(*names))) == ["hello"] * 64
    assert refused < 64 + 40
    assert endpoint.halved[0][1:] == (2, "was refused, as there were too many")


def test_requests_a_minute_are_a_limit_of_any_minute() -> None:
    async def answer(_name: str) -> str | Fault:
        await endpoint.time.sleep(0.1)
        return "hello"

    endpoint = Endpoint(answer, windows={"requests": 5})
    assert remedies(endpoint.time.run(endpoint.ask_all(*NAMES))) == ["hello"] * 16
    times = [at for at, _ in endpoint.journal]
    assert all(sum(at - 60 + 1e-6 < other <= at for other in times) <= 5 for at in times)
    assert 180 <= endpoint.time.now < 182
    assert {reason for _, reason in endpoint.waits} == {"generator.requests_per_minute is used up"}
    assert len(endpoint.waits) <= 4


def test_tokens_a_minute_are_estimated_and_corrected() -> None:
    """The first call counts as 100 + 500; once replies are known, as many begin as there is room for."""

    async def answer(_name: str) -> str | Fault:
        await endpoint.time.sleep(0.1)
        return "hello"

    endpoint = Endpoint(answer, windows={"tokens": 1000}, tokens=100.0)
    names = [f"r{number}" for number in range(40)]
    assert remedies(endpoint.time.run(endpoint.ask_all(*names))) == ["hello"] * 40
    times = [at for at, _ in endpoint.journal]
    assert all(100 * sum(at - 60 + 1e-6 < other <= at for other in times) <= 1000 for at in times)
    assert endpoint.time.now < 60 * 6


def test_where_others_answer_nobody_waits_and_one_call_tries() -> None:
    async def answer(_name: str) -> str | Fault:
        await endpoint.time.sleep(0.1)
        return "hello" if endpoint.time.now > 100 else DOWN

    async def work() -> list[Tried[str] | BaseException]:
        told = await endpoint.ask_all(*NAMES)
        began = endpoint.time.now
        told += await endpoint.ask_all(*NAMES)
        assert endpoint.time.now - began < 0.2
        await endpoint.time.sleep(200.0)
        return told + await endpoint.ask_all("try")

    endpoint = Endpoint(answer, others_answer=True)
    found = remedies(endpoint.time.run(work()))
    assert found == [GeneratorDown] * 32 + ["hello"]
    assert all(news.others_answer for news in endpoint.news)


def test_the_end_of_a_run_ends_all_waits_at_once() -> None:
    async def answer(_name: str) -> str | Fault:
        return DOWN

    async def work() -> list[Tried[str] | BaseException]:
        asked = asyncio.ensure_future(endpoint.ask_all(*NAMES))
        await endpoint.time.sleep(100.0)
        endpoint.gate.end()
        return await asked

    endpoint = Endpoint(answer)
    assert remedies(endpoint.time.run(work())) == [GeneratorDown] * 16
    assert endpoint.time.now == pytest.approx(100.0)
