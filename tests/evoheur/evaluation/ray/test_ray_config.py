"""The configuration of `ray`, which can be read without Ray."""

import subprocess
import sys
from pathlib import Path

import pytest

from evoheur.errors import ConfigError
from evoheur.evaluation.ray.ray_config import RayConfig
from evoheur.run.config import parse_config

RUN = {
    "problem": "bin_packing_online",
    "strategy": {"kind": "random"},
    "generator": {"kind": "mutator"},
}


def test_kind_ray_is_a_built_in_with_settings_of_its_own() -> None:
    section = {"kind": "ray", "slots": 4, "cpus_per_worker": 0.5, "resources": {"fast": 0.1}, "address": "auto"}
    config = parse_config({**RUN, "evaluation": {"executor": section}}, where="test")
    assert config.evaluation.executor == RayConfig(slots=4, cpus_per_worker=0.5, resources={"fast": 0.1}, address="auto")


@pytest.mark.parametrize(
    "setting", [{"slots": 0}, {"cpus_per_worker": -1}, {"address": ""}, {"wait_seconds": 0}, {"resources": {"fast": -1}}]
)
def test_nonsense_is_refused_with_its_name(setting: dict[str, object]) -> None:
    [name] = setting
    with pytest.raises(ConfigError, match=rf"evaluation\.executor\.{name}"):
        parse_config({**RUN, "evaluation": {"executor": {"kind": "ray", **setting}}}, where="test")


_WITHOUT_RAY = """
import sys
sys.modules["ray"] = None  # what an import sees of a package that is not installed
from evoheur.cli.main import run
sys.exit(run(sys.argv[1:]))
"""


def test_without_ray_a_run_says_how_to_get_it_before_anything_is_written(tmp_path: Path) -> None:
    quickstart = Path(__file__).parents[4] / "configs" / "quickstart.yaml"
    words = ["run", str(quickstart), "--set", "evaluation.executor.kind=ray"]
    done = subprocess.run([sys.executable, "-c", _WITHOUT_RAY, *words], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert "run `pip install evoheur[ray]`" in done.stderr
    assert not list(tmp_path.iterdir())
