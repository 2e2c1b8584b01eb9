"""Clusters and islands of FunSearch against probabilities written out from the paper."""

import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from evoheur.candidate import Candidate, InstanceResult, Status
from evoheur.strategies.islands import Cluster, CostScale, Island, cluster_temperature, signature_of
from evoheur.testing.strategy_contract import executed_instructions
from evoheur.testing.strategy_runs import made_up_candidate

DRAWS = 20_000


def program(identity: int, objective: float, *, length: int = 20, costs: Sequence[float] = ()) -> Candidate:
    """A candidate of a given worth, length and behaviour."""
    made = made_up_candidate(identity, objective)
    results = tuple(
        InstanceResult(instance=f"i{number}", family="tiny", status=Status.OK, cost=cost, reference=None)
        for number, cost in enumerate(costs)
    )
    return replace(made, code="x" * length, evaluation=replace(made.evaluation, results=results))


def check_shares(counts: Mapping[int, int], weights: Mapping[int, float]) -> None:
    """Each share of `DRAWS` draws within five standard deviations of what the weights say."""
    total = sum(weights.values())
    for identity, weight in weights.items():
        share = weight / total
        assert counts[identity] == pytest.approx(share * DRAWS, abs=5 * math.sqrt(share * (1 - share) * DRAWS) + 1e-9)


@pytest.mark.parametrize(
    ("registered", "temperature"),
    [(0, 0.1), (15_000, 0.05), (29_999, 0.1 / 30_000), (30_000, 0.1), (45_000, 0.05)],
)
def test_temperature_is_a_sawtooth(registered: int, temperature: float) -> None:
    """T0 · (1 - (n mod P) / P) with the published T0 = 0.1 and P = 30,000, at its corners and halfway."""
    assert cluster_temperature(registered, initial=0.1, period=30_000) == pytest.approx(temperature)


def test_signature_is_the_behaviour() -> None:
    """The costs of all instances in order; the objective where there are none."""
    assert signature_of(program(1, 2.0, costs=[1.0, 3.0])) == (1.0, 3.0)
    assert signature_of(program(1, 2.0)) == (2.0,)


def test_short_programs_are_preferred() -> None:
    """Lengths 10, 30 and 40: normalised by (length - 10) / (40 + 1e-6), so the weights are 1, exp(-1/2) and exp(-3/4)."""
    cluster = Cluster(program(1, 1.0, length=30))
    cluster.add(program(2, 1.0, length=10))
    cluster.add(program(3, 1.0, length=40))
    rng = random.Random(3)
    counts = Counter(cluster.draw(rng).id for _ in range(DRAWS))
    check_shares(counts, {2: 1.0, 1: math.exp(-20 / 40), 3: math.exp(-30 / 40)})


def test_same_behaviour_is_one_cluster() -> None:
    """Same mean, other costs: another cluster. Five programs, two signatures, so at most two programs are drawn."""
    island = Island(program(0, 2.0, costs=[1.0, 3.0]))
    for identity in range(1, 4):
        island.register(program(identity, 2.0, costs=[1.0, 3.0]))
    assert len(island.draw(5, 1.0, random.Random(0), scale="published")) == 1
    island.register(program(4, 2.0, costs=[3.0, 1.0]))
    assert len(island.draw(5, 1.0, random.Random(0), scale="published")) == 2
    assert island.registered == 5


@pytest.mark.parametrize(
    ("scale", "unit"),
    [("published", 1.0), ("range", 8.0), ("median", 2.0)],
)
def test_clusters_are_drawn_by_a_softmax_of_their_scores(scale: CostScale, unit: float) -> None:
    """Costs 1, 2, 3, 5 and 9: range 8, best to median 2. At temperature 0.5 the weights are exp(-(cost - 1) / (0.5 · unit))."""
    island = Island(program(5, 5.0))
    for cost in (9, 1, 3, 2):
        island.register(program(cost, float(cost)))
    rng = random.Random(4)
    counts = Counter(island.draw(1, 0.5, rng, scale=scale)[0].id for _ in range(DRAWS))
    check_shares(counts, {cost: math.exp(-(cost - 1) / (0.5 * unit)) for cost in (1, 2, 3, 5, 9)})


@pytest.mark.parametrize("scale", ["range", "median"])
def test_scales_do_not_depend_on_the_unit(scale: CostScale) -> None:
    """The same costs in thousandths: the same draws."""
    draws = []
    for unit in (1.0, 2.0**-10):  # a power of two leaves no rounding
        island = Island(program(1, 1.0 * unit))
        for cost in (2, 3, 5, 9):
            island.register(program(cost, cost * unit))
        rng = random.Random(6)
        draws.append([[drawn.id for drawn in island.draw(2, 0.1, rng, scale=scale)] for _ in range(50)])
    assert draws[0] == draws[1]


@pytest.mark.parametrize("scale", ["published", "range", "median"])
def test_clusters_of_equal_worth_are_drawn_evenly(scale: CostScale) -> None:
    """No difference between scores, whatever its unit."""
    island = Island(program(0, 2.0, costs=[1.0, 3.0]))
    island.register(program(1, 2.0, costs=[3.0, 1.0]))
    rng = random.Random(7)
    counts = Counter(island.draw(1, 0.1, rng, scale=scale)[0].id for _ in range(DRAWS))
    check_shares(counts, {0: 1.0, 1: 1.0})


def test_clusters_are_drawn_with_replacement_and_shown_worst_first() -> None:
    """Two of two, evenly: the same one twice in half of the draws, else the better one last."""
    island = Island(program(1, 1.0))
    island.register(program(2, 1.5))
    rng = random.Random(8)
    pairs = Counter(tuple(drawn.id for drawn in island.draw(2, 1e9, rng, scale="published")) for _ in range(1000))
    assert set(pairs) == {(1, 1), (2, 2), (2, 1)}
    assert pairs[2, 1] == pytest.approx(500, abs=80)


def test_best_is_the_first_of_the_best() -> None:
    """It is what a reset island starts from."""
    island = Island(program(1, 2.0))
    for identity, objective in ((2, 1.0), (3, 1.0), (4, 3.0)):
        island.register(program(identity, objective))
    assert (island.best.id, island.best_cost) == (2, 1.0)


def test_work_does_not_grow_with_the_programs() -> None:
    """2,000 clusters of five programs cost hardly more than 20 of five: their logarithms differ by a factor of 2.5."""

    def work(clusters: int) -> int:
        island = Island(program(0, 0.0))
        for identity in range(1, 5 * clusters):
            island.register(program(identity, float(identity % clusters), length=20 + identity % 7))
        rng = random.Random(9)

        def step() -> None:
            for identity in range(100):
                island.draw(2, 0.1, rng, scale="median")
                island.register(program(10**6 + identity, float(identity % clusters)))

        return executed_instructions(step)

    assert work(2000) < 3 * work(20)
