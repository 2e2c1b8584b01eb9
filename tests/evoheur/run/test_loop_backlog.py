"""How many calls are under way, how many replies wait for their evaluation, and who waits for whom; in virtual time."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.archive.records import Asked
from evoheur.run.flights import TellOrder
from evoheur.run.waiting_times import WaitingShares
from evoheur.strategies.eoh import EohConfig
from evoheur.testing.strategy_runs import made_up_candidate
from tests.support.simulated_loop import SimulatedAnswers, SimulatedLog, simulate
from tests.support.virtual_time import run_in_virtual_time


def played(
    seed: int,
    *,
    in_flight: int,
    backlog: int,
    order: TellOrder = "arrival",
    call: float = 4.0,
    evaluation: float = 1.0,
    generational: bool = False,
    requests: int = 120,
) -> tuple[SimulatedAnswers, SimulatedLog, WaitingShares]:
    """A run of EoH with calls and evaluations of uneven length; the strategy's seed is always the same."""
    rng = random.Random(seed)
    strategy = EohConfig(population_size=5, generational=generational).build(made_up_candidate(0, 4.5), random.Random(1))
    log = SimulatedLog()

    async def scenario() -> tuple[SimulatedAnswers, WaitingShares]:
        answers = SimulatedAnswers(lambda: rng.uniform(0, 2) * call, lambda: rng.uniform(0, 2) * evaluation)
        _, waiting = await simulate(
            strategy, answers, log, requests=requests, in_flight=in_flight, backlog=backlog, tell_order=order
        )
        assert waiting.shares is not None
        return answers, waiting.shares

    answers, shares = run_in_virtual_time(scenario())
    return answers, log, shares


@given(
    seed=st.integers(0, 2**32),
    in_flight=st.integers(1, 12),
    backlog=st.integers(0, 12),
    order=st.sampled_from(["arrival", "asked"]),
    evaluation=st.sampled_from([0.01, 1.0, 20.0]),
)
def test_calls_and_backlog_keep_to_their_limits(
    seed: int, in_flight: int, backlog: int, order: TellOrder, evaluation: float
) -> None:
    answers, log, _ = played(seed, in_flight=in_flight, backlog=backlog, order=order, evaluation=evaluation)
    assert answers.most_calls <= in_flight
    assert answers.most_waiting <= in_flight + backlog
    assert log.requests == 120
    assert len(log.entries) == 240


@pytest.mark.parametrize("order", ["arrival", "asked"])
def test_slow_evaluators_fill_the_backlog_and_no_more(order: TellOrder) -> None:
    """In the order of asking a call waits for a line, too: the requests asked ahead are as many, and at the model no more than may be."""
    answers, _, shares = played(1, in_flight=4, backlog=6, order=order, evaluation=40.0)
    assert answers.most_waiting == 10
    assert answers.most_calls == 4
    assert shares.for_evaluators > 0.5
    assert shares.evaluators_idle < 0.1


def test_without_a_backlog_a_call_waits_until_its_outcome_is_told() -> None:
    answers, _, without = played(1, in_flight=4, backlog=0, evaluation=2.0)
    assert answers.most_waiting == 4
    _, _, shares = played(1, in_flight=4, backlog=4, evaluation=0.5)
    assert without.calls < 0.8
    assert shares.calls > 0.97


@pytest.mark.parametrize("backlog", [0, 5])
def test_in_the_order_of_asking_the_run_does_not_depend_on_who_is_fast(backlog: int) -> None:
    """The same asks between the same tells, whatever the times."""
    logs = []
    for seed, evaluation in ((1, 0.1), (2, 5.0), (3, 30.0)):
        _, log, _ = played(seed, in_flight=6, backlog=backlog, order="asked", evaluation=evaluation)
        logs.append([(isinstance(entry, Asked), entry.sequence) for entry in log.entries])
        told = [entry.asked.number for entry in log.entries if not isinstance(entry, Asked)]
        assert told == sorted(told)
    assert logs[0] == logs[1] == logs[2]


def test_shares_say_who_waited_for_whom() -> None:
    """A barrier by generations, the order of asking, and a model that is slow."""
    _, _, by_generations = played(1, in_flight=8, backlog=4, generational=True)
    assert by_generations.for_outcomes > 0.1
    assert by_generations.for_first == 0
    _, _, asked = played(1, in_flight=8, backlog=0, order="asked", evaluation=0.01)
    assert asked.for_first > 0.2
    _, _, slow_model = played(1, in_flight=2, backlog=4, evaluation=0.01)
    assert slow_model.evaluators_idle > 0.9
    assert slow_model.calls > 0.97
    for shares in (by_generations, asked, slow_model):
        assert shares.calls + shares.for_evaluators + shares.for_first + shares.for_outcomes == pytest.approx(1.0)
