"""Every shipped configuration runs to its end, offline and with a small budget."""

import json
import random
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest
import yaml

from evoheur import load_config
from tests.end_to_end.support.runs import evoheur

CONFIGS = sorted((Path(__file__).parents[2] / "configs").glob("*.yaml"))
EVALUATIONS = 8
RAY = (pytest.mark.ray, pytest.mark.slow, pytest.mark.xdist_group("daemons"))
BY_DAY: dict[str, Collection[pytest.MarkDecorator]] = {
    "quickstart": (),
    **dict.fromkeys(("eoh_bin_packing_offline", "eoh_cvrp_savings", "eoh_tsp_gls"), (pytest.mark.slow,)),
}
"""What is run by day, with its marks: a problem of each family; and that the others are valid is looked at without running them."""

SHORT = {"budget.evaluations": EVALUATIONS, "evaluation.executor.slots": 1, "validation.top": 1}


def items(rng: random.Random) -> str:
    return "capacity,100\nsize,count\n" + "".join(f"{size},2\n" for size in rng.sample(range(10, 90), 12))


def cities(rng: random.Random) -> str:
    return "x,y\n" + "".join(f"{rng.random()},{rng.random()}\n" for _ in range(12))


def customers(rng: random.Random) -> str:
    return "capacity,30\nx,y,demand\n0.5,0.5,0\n" + "".join(
        f"{rng.random()},{rng.random()},{rng.randint(1, 9)}\n" for _ in range(12)
    )


def times(rng: random.Random) -> str:
    return "8 4\n" + "".join(" ".join(str(rng.randint(1, 99)) for _ in range(8)) + "\n" for _ in range(4))


def operations(rng: random.Random) -> str:
    jobs = [" ".join(f"{machine} {rng.randint(1, 99)}" for machine in rng.sample(range(4), 4)) for _ in range(8)]
    return "8 4\n" + "\n".join(jobs) + "\n"


def knapsack(rng: random.Random) -> str:
    rows = [" ".join(str(rng.randint(1, 99)) for _ in range(12)) for _ in range(3)]
    return "1\n12 2 0\n" + "\n".join(rows) + "\n300 400\n"


def windows(rng: random.Random) -> str:
    head = "T1\n\nVEHICLE\nNUMBER CAPACITY\n9 30\n\nCUSTOMER\nCUST NO. XCOORD. YCOORD. DEMAND READY TIME DUE DATE SERVICE TIME\n"
    opened = [rng.randint(0, 40) for _ in range(12)]
    return (
        head
        + "0 5 5 0 0 99 0\n"
        + "".join(
            f"{number} {rng.randint(0, 10)} {rng.randint(0, 10)} {rng.randint(1, 9)} {ready} {ready + 20} 3\n"
            for number, ready in enumerate(opened, start=1)
        )
    )


def graph(rng: random.Random) -> str:
    edges = [f"e {one} {two}\n" for two in range(1, 13) for one in range(1, two) if rng.random() < 0.4]
    return f"p edge 12 {len(edges)}\n" + "".join(edges)


INSTANCES = {
    "bin": items,
    "tsp": cities,
    "cvrp": customers,
    "flow": times,
    "job": operations,
    "multidimensional": knapsack,
    "graph": graph,
    "vrptw": windows,
}
"""First word of a problem's name → a small instance of it, as a table or a text."""

TEXTS = ("flow", "job", "multidimensional", "graph", "vrptw")


def run_short(path: Path, folder: Path, settings: dict[str, Any]) -> None:
    """Run a copy with these settings; a model's place is taken by the mutator."""
    config = yaml.safe_load(path.read_text())
    config["generator"] = {"kind": "mutator"}
    copy = folder / path.name
    copy.write_text(json.dumps(config))
    words = [word for key, value in settings.items() for word in ("--set", f"{key}={json.dumps(value)}")]
    done = evoheur("run", str(copy), *words, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    listed = evoheur("runs", "--json", cwd=folder)
    [run] = json.loads(listed.stdout)
    assert (run["name"], run["status"], run["evaluations"]) == (f"{path.stem}-1", "finished", EVALUATIONS)


@pytest.mark.parametrize(
    "path", [pytest.param(path, marks=BY_DAY.get(path.stem, (pytest.mark.nightly,)), id=path.stem) for path in CONFIGS]
)
def test_a_shipped_configuration_runs_offline(tmp_path: Path, path: Path) -> None:
    """On one local slot and small instances; everything else is as shipped, and all of it is valid as it stands."""
    shipped = load_config(path)
    problem = shipped.problem.name
    settings = {**SHORT, "evaluation.executor": {"kind": "local", "slots": 1}}
    del settings["evaluation.executor.slots"]
    if shipped.train.relative_to == "textbook" and not problem.startswith("bin"):
        settings["train.relative_to"] = "references"  # a table of cities has no reference, a packing always has its bound
    if shipped.train.resample is not None:
        settings["train.resample"] = False  # instances of a file cannot be drawn afresh
    for seed, split in enumerate(("train", "validation")):
        file = tmp_path / f"{split}{'.txt' if problem.startswith(TEXTS) else '.csv'}"
        file.write_text(INSTANCES[problem.split("_")[0]](random.Random(seed)))
        settings[f"problem.instances.{split}"] = str(file)
    run_short(path, tmp_path, settings)


@pytest.mark.nightly
@pytest.mark.parametrize("path", [pytest.param(path, marks=RAY if "ray" in path.stem else (), id=path.stem) for path in CONFIGS])
def test_a_shipped_configuration_runs_with_its_own_executor_and_instances(tmp_path: Path, path: Path) -> None:
    """Only the budget is small, the slots are one, and one candidate is validated."""
    run_short(path, tmp_path, SHORT)
