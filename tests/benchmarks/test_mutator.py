"""The offline generator by itself: milliseconds per candidate, for the quickstart's problem and for one with matrices.

Run with `make bench`. It answers in the loop's own thread, so what it takes is taken from the strategy and the archive.
"""

import random

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from evoheur.generation.mutation.breeding import Breeder, Parent
from evoheur.generation.mutation.typed_signature import baseline_source, read_signature
from evoheur.problem_loading import load_problem
from evoheur.variation import Variation

VARIED: tuple[Variation, ...] = ("new", "unlike", "crossover", "mutation", "constants")
"""Without "simplify", which has nothing to do on a rule that is a lone lookup."""
CANDIDATES = 120


@pytest.mark.parametrize("problem", ["bin_packing_online", "cvrp_constructive", "cvrp_ruin_recreate"])
def test_milliseconds_per_candidate(benchmark: BenchmarkFixture, problem: str) -> None:
    """A family in which every candidate descends from two earlier ones, so that rules are as long as those of a real run."""
    functions = load_problem(problem).functions()
    breeder = Breeder(
        [read_signature(function, nonnegative=True) for function in functions],
        baseline_source(functions),
        max_nodes=60,
        order_terms=None,
    )

    def breed() -> int:
        rng = random.Random(1)
        parents = [Parent("the baseline", baseline_source(functions))]
        for number in range(CANDIDATES):
            variation = VARIED[number % len(VARIED)] if number > len(VARIED) else "new"
            draft = breeder.breed(variation, rng.sample(parents, min(2, len(parents))), rng)
            parents.append(Parent(f"parent {number + 1}", draft.code))
        return len(parents)

    assert benchmark.pedantic(breed, rounds=3) == CANDIDATES + 1  # type: ignore[no-untyped-call]
    if benchmark.stats is not None:
        benchmark.extra_info["milliseconds per candidate"] = round(1000 * benchmark.stats.stats.median / CANDIDATES, 2)
