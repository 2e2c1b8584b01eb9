"""What runs of five methods are estimated to spend, by the dry run and after 20 replies, beside what they spend.

Over HTTP on this machine, with real prompts and with replies whose lengths vary and grow.

Run with `make bench`, or for the table alone with `python -m tests.benchmarks.test_spending_estimates`.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from evoheur.run.spending_forecast import SpendingForecast
from tests.evoheur.run.support.billing_model import METHODS, BillingModel, Course, spend_and_estimate

EVALUATIONS = 150
PROBLEM = Path(__file__).parents[1] / "list_scheduling"
HEADER, RESULT = "def choose(length, loads):", "-np.abs(loads - {a} * length) - {b} * (loads % 7)"
MODELS = {
    "writes": BillingModel(HEADER, RESULT),
    "thinks": BillingModel(HEADER, RESULT, thinking=2000),
}


def course(method: str, model: str, folder: Path) -> Course:
    """Carry out one run."""
    config = {
        "problem": str(PROBLEM),
        "strategy": METHODS[method],
        "budget": {"evaluations": EVALUATIONS},
        "evaluation": {"sandbox": {"kind": "process", "allow_unisolated": True}},
        "in_flight": 8,
    }
    return spend_and_estimate(MODELS[model], config, folder)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("method", METHODS)
def test_estimates(benchmark: BenchmarkFixture, tmp_path: Path, method: str, model: str) -> None:
    """The figures are in the benchmark's own fields; the time is that of one run."""
    found = benchmark.pedantic(course, args=(method, model, tmp_path), rounds=1)  # type: ignore[no-untyped-call]
    benchmark.extra_info["tokens after 20 replies"], benchmark.extra_info["money after 20 replies"] = found.off(
        found.estimates[0]
    )


def lines() -> Iterator[str]:
    """The table, line by line."""
    yield f"{'method':10} {'model':8} {'requests':>9} {'tokens':>9} {'money':>8}  {'dry run':>14}  {'20 replies':>14}  {'40 replies':>14}"
    for method in METHODS:
        for model in MODELS:
            with tempfile.TemporaryDirectory() as folder:
                found = course(method, model, Path(folder))
            shares = "  ".join(f"{_shown(found, forecast):>14}" for forecast in (found.rehearsed, *found.estimates[:2]))
            yield f"{method:10} {model:8} {found.requests:9,} {found.tokens:9,} {found.cost_usd:8.3f}  {shares}"


def _shown(found: Course, forecast: SpendingForecast) -> str:
    tokens, money = found.off(forecast)
    return f"{tokens:+.0%} {money:+.0%} $"


if __name__ == "__main__":
    for line in lines():
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
