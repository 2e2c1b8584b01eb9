"""The configuration side of isolation levels."""

from contextlib import closing
from pathlib import Path

import pytest

from evoheur.candidate import Status
from evoheur.components import Config, resolve_kind
from evoheur.errors import ConfigError
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.evaluator import Evaluator
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.isolation import (
    BUILTIN_SANDBOXES,
    DockerConfig,
    JailConfig,
    LimitsConfig,
    ProcessConfig,
    SandboxConfig,
    guest_entry,
    sandbox_configs,
)
from evoheur.problem_loading import load_problem
from evoheur.prompts.card import ProblemCard
from evoheur.run.config import parse_config
from evoheur.sandbox.docker.image_contents import BASE_PACKAGES, contents
from evoheur.sandbox.interface import Entry, Sandbox
from evoheur.sandbox.process import ProcessSandbox


@pytest.mark.parametrize(("kind", "config"), [("jail", JailConfig), ("docker", DockerConfig), ("process", ProcessConfig)])
def test_every_level_has_a_name(kind: str, config: type[SandboxConfig]) -> None:
    """Making a sandbox starts nothing and needs nothing, so that a configuration can be looked at anywhere."""
    assert resolve_kind(kind, BUILTIN_SANDBOXES, Config, what="sandbox") is config
    sandbox = config(kind=kind).build(guest_entry("bin_packing_online", {}))
    assert sandbox.level.startswith(kind)
    sandbox.close()


def test_containers_isolate() -> None:
    """Code by an online model may run in them without a further word."""
    assert DockerConfig().isolates
    assert not ProcessConfig().isolates


@pytest.mark.parametrize(("key", "value"), [("memory_mib", 100), ("pids", 1), ("cpus", 0), ("imgae", "x")])
def test_slips_in_the_settings_of_containers(key: str, value: object) -> None:
    """A container too small for a guest, or a word that means nothing, is refused by the name of the key."""
    sandbox = {"kind": "docker", key: value}
    data = {"problem": "bin_packing_online", "strategy": {"kind": "eoh"}, "generator": {"kind": "mutator"}}
    with pytest.raises(ConfigError, match=f"evaluation.sandbox.{key}"):
        parse_config({**data, "evaluation": {"sandbox": sandbox}}, where="test")


def test_a_problem_of_ones_own_is_shown_to_its_guest(scheduling: str) -> None:
    """Its folder, and no other; a bundled problem comes with the code."""
    assert guest_entry(scheduling, {}).folders == (str(Path(scheduling).resolve()),)
    assert guest_entry("bin_packing_online", {}).folders == ()


def test_a_folder_named_like_a_bundled_problem_does_not_take_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The trusted side would price the bundled one's instances, the guest solve the folder's."""
    (tmp_path / "bin_packing_online").mkdir()
    (tmp_path / "bin_packing_online" / "problem.py").touch()
    monkeypatch.chdir(tmp_path)
    entry = guest_entry("bin_packing_online", {})
    assert (entry.payload["problem"], entry.folders) == ("bin_packing_online", ())


class OwnConfig(SandboxConfig):
    """Keeps nothing from anybody. It is for tests."""

    def build(self, entry: Entry) -> Sandbox:
        return ProcessSandbox(entry)


def test_a_level_of_ones_own_describes_itself_without_a_word() -> None:
    """By its class: the name, how to try it, and its docstring's first line."""
    [config] = OwnConfig.to_try()
    own = f"{OwnConfig.__module__}:OwnConfig"
    assert (config.level_name, config.promise) == (own, "Keeps nothing from anybody. It is for tests")
    assert (config.isolates, config.needed, config.obstacle({})) == (True, False, "")


def test_levels_that_ship_are_called_as_their_sandboxes_call_themselves() -> None:
    """So that a finding of `doctor`, a report of the red team and an evaluation say the same."""
    entry = Entry(module="evoheur.evaluation.guest_job", payload={})
    for config_type in sandbox_configs().values():
        for config in config_type.to_try():
            assert config.build(entry).level == config.level_name


def test_what_bundled_problems_import_is_in_every_image() -> None:
    """They are allowed numpy, numba and vrplib (see the contracts on imports)."""
    assert set(BASE_PACKAGES) <= dict(contents().packages).keys()


@pytest.mark.docker
@pytest.mark.slow
@pytest.mark.xdist_group("daemons")
@pytest.mark.parametrize(
    "name",  # a container compiles kernels cold, so the one by day has few
    ["tsp_insertion", pytest.param("bin_packing_online", marks=pytest.mark.nightly), "scheduling"],
)
def test_a_container_computes_what_the_jail_computes(name: str, docker_image: str, scheduling: str) -> None:
    """The problem's own heuristic on two instances, costs and all: same code, same packages, same numbers."""
    name = scheduling if name == "scheduling" else name
    problem = load_problem(name)
    train = InstanceSet.of_split(problem, "train")
    code = ProblemCard.from_problem(problem).code
    costs = []
    for config in (DockerConfig(), JailConfig()):
        evaluator = Evaluator(problem, config.build(guest_entry(name, {})), LimitsConfig().limits(), seed=1)
        with closing(evaluator):
            evaluation = evaluator.evaluate(EvaluationTask(code=code, instances=train, probe=True))  # which executes
        assert evaluation.status is Status.OK, evaluation
        costs.append([result.cost for result in evaluation.results])
        assert evaluation.level.startswith(config.kind)
    assert costs[0] == costs[1]
