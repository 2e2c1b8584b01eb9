"""The same configuration and seed give the same run, and another seed another one."""

from pathlib import Path

import pytest

from tests.end_to_end.support.runs import configuration, evoheur, rows

BUDGET, SMALL = 30, 8


def run(
    folder: Path, problem: str, hash_seed: str, *, seed: int, in_flight: int, budget: int
) -> dict[str, list[dict[str, object]]]:
    folder.mkdir()
    config = configuration(
        folder,
        name="r",
        problem=problem,
        strategy={"kind": "eoh", "population_size": 5, "parents": 2},
        generator={"kind": "mutator"},
        evaluation={"executor": {"kind": "local", "slots": 2}, "limits": {"memory_mib": 256}},
        budget={"evaluations": budget},
        seed=seed,
        in_flight=in_flight,
        tell_order="asked",
    )
    done = evoheur("run", str(config), cwd=folder, env={"PYTHONHASHSEED": hash_seed})
    assert done.returncode == 0, done.stdout + done.stderr
    return rows(folder / "runs" / "evoheur.db")


@pytest.mark.parametrize("in_flight", [pytest.param(1, marks=pytest.mark.nightly), 6])
def test_the_same_seed_gives_the_same_run_row_for_row_under_another_hash_seed(
    tmp_path: Path, scheduling: str, in_flight: int
) -> None:
    """With one in flight by nature; with more because outcomes are told in the order of asking."""
    first = run(tmp_path / "a", scheduling, "1", seed=3, in_flight=in_flight, budget=BUDGET)
    second = run(tmp_path / "b", scheduling, "2", seed=3, in_flight=in_flight, budget=BUDGET)
    evaluated = [row for row in first["candidate"] if row["duplicate_of"] is None and row["number"] != 0]
    assert len(evaluated) == BUDGET
    assert first == second


def test_another_seed_gives_another_run(tmp_path: Path, scheduling: str) -> None:
    first = run(tmp_path / "a", scheduling, "1", seed=3, in_flight=1, budget=SMALL)
    second = run(tmp_path / "b", scheduling, "1", seed=4, in_flight=1, budget=SMALL)
    assert [row["code"] for row in first["candidate"]] != [row["code"] for row in second["candidate"]]
