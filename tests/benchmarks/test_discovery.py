"""The whole pipeline: strategy, mutator, guest, price, archive. The aim is 40 candidates a second on two cores.

Run with `make bench`.
"""

import asyncio
from pathlib import Path

from pytest_benchmark.fixture import BenchmarkFixture

from evoheur.archive.archive import Archive
from evoheur.run.assemble import assemble
from evoheur.run.config import load_config
from evoheur.run.discovery import Discovery
from evoheur.run.run_parts import prepare
from evoheur.run.stored_run import create_run

QUICKSTART = Path(__file__).parents[2] / "configs" / "quickstart.yaml"
EVALUATIONS = 400


def test_candidates_per_second_of_the_quickstart(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """Online bin packing, five streams of 5,000 items, two slots; from the start of the guests to the end of validation."""
    config = load_config(QUICKSTART, [f"budget.evaluations={EVALUATIONS}", "validation.top=1"])
    opened: list[Archive] = []

    def wire() -> tuple[tuple[Discovery], dict[str, object]]:
        archive = Archive.open(f"sqlite:///{tmp_path}/{len(opened)}.db", create=True)
        opened.append(archive)
        parts = prepare(config, environ={}, archive=archive)
        return (assemble(parts, archive, create_run(parts, archive, name="bench")),), {}

    def discover(discovery: Discovery) -> int:
        return asyncio.run(discovery.discover()).totals.evaluations

    assert benchmark.pedantic(discover, setup=wire, rounds=3) == EVALUATIONS  # type: ignore[no-untyped-call]
    for archive in opened:
        archive.close()
    if benchmark.stats is not None:
        benchmark.extra_info["candidates per second"] = round(EVALUATIONS / benchmark.stats.stats.median, 1)
