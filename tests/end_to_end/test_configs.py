"""Every shipped configuration runs to its end, offline and with a small budget."""

import json
from pathlib import Path

import pytest
import yaml

from tests.end_to_end.support.runs import evoheur

CONFIGS = sorted((Path(__file__).parents[2] / "configs").glob("*.yaml"))
EVALUATIONS = 12
RAY = (pytest.mark.ray, pytest.mark.slow, pytest.mark.xdist_group("ray"))


@pytest.mark.parametrize("path", [pytest.param(path, marks=RAY if "ray" in path.stem else (), id=path.stem) for path in CONFIGS])
def test_a_shipped_configuration_runs_offline(tmp_path: Path, path: Path) -> None:
    """A model's place is taken by the mutator; it is short, on one slot, and validates one; everything else is as shipped."""
    config = yaml.safe_load(path.read_text())
    config["generator"] = {"kind": "mutator"}
    copy = tmp_path / path.name
    copy.write_text(json.dumps(config))
    short = (f"budget.evaluations={EVALUATIONS}", "evaluation.executor.slots=1", "validation.top=1")
    done = evoheur("run", str(copy), *(word for setting in short for word in ("--set", setting)), cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    listed = evoheur("runs", "--json", cwd=tmp_path)
    [run] = json.loads(listed.stdout)
    assert (run["name"], run["status"], run["evaluations"]) == (f"{path.stem}-1", "finished", EVALUATIONS)
