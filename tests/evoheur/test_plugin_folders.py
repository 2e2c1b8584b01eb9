"""Plug-ins beside a configuration: found from anywhere, in every process, and in nobody else's way."""

import pickle
import re
import subprocess
import sys
from pathlib import Path

import pytest

from evoheur.components import Config, resolve, resolve_kind
from evoheur.errors import ConfigError
from evoheur.evaluation.evaluator_recipe import EvaluatorRecipe
from evoheur.evaluation.isolation import ProcessConfig
from evoheur.run.config import RunConfig, load_config, parse_config
from evoheur.sandbox.interface import Limits
from evoheur.strategies.strategy import BUILTIN_STRATEGIES, StrategyConfig

STRATEGY = """
from evoheur.strategies.random_sampling import RandomConfig
from evoheur.strategies.strategy import Strategy, StrategyConfig
from {name}_helper import SIZE

class Mine(Strategy):
    pass

class MineConfig(StrategyConfig):
    size: int = SIZE

    def build(self, baseline, rng):
        from {name}_late import LATE
        return RandomConfig().build(baseline, rng)
"""
SANDBOX = """
from evoheur.evaluation.isolation import SandboxConfig
from evoheur.sandbox.process import ProcessSandbox

class BoxConfig(SandboxConfig):
    def build(self, entry):
        return ProcessSandbox(entry)
"""


def written(folder: Path, name: str, sandbox: str = "process") -> Path:
    """A configuration with modules of names that no other test uses, since Python keeps what it has imported."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.py").write_text(STRATEGY.format(name=name))
    (folder / f"{name}_helper.py").write_text("SIZE = 3\n")
    (folder / f"{name}_late.py").write_text("LATE = 1\n")
    (folder / f"{name}_box.py").write_text(SANDBOX)
    (folder / "numpy.py").write_text("raise RuntimeError('in the way')\n")
    (folder / "problems").mkdir(exist_ok=True)
    config = folder / "run.yaml"
    config.write_text(
        f"problem: bin_packing_online\nstrategy: {{kind: '{name}:MineConfig'}}\ngenerator: {{kind: mutator}}\n"
        f"evaluation: {{sandbox: {{kind: '{sandbox}'}}}}\n"
    )
    return config


def test_a_module_beside_the_configuration_is_found_with_its_neighbours(tmp_path: Path) -> None:
    before = list(sys.path)
    config = load_config(written(tmp_path / "conf", "beside"))
    assert config.strategy.model_dump() == {"kind": "beside:MineConfig", "size": 3}
    assert config.plugins == str(tmp_path / "conf")
    assert sys.path == before
    with pytest.raises(ModuleNotFoundError):  # not for everybody
        __import__("beside_late")


def test_what_is_installed_is_not_shadowed(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, "unshadowed"))
    assert config.problem.name == "bin_packing_online"
    with pytest.raises(ConfigError, match="'numpy:MineConfig' names nothing in module 'numpy'"):
        resolve("numpy:MineConfig", {}, what="strategy", folder=tmp_path)


def test_a_stored_run_finds_its_plug_ins_in_a_new_process(tmp_path: Path) -> None:
    """As `resume` does, from another folder."""
    stored = load_config(written(tmp_path / "conf", "resumed")).model_dump_json()
    program = (
        "import json, sys; from evoheur.run.config import parse_config\n"
        "config = parse_config(json.load(sys.stdin), where='run')\n"
        "config.strategy.build(None, None); print(config.strategy.kind)"
    )
    done = subprocess.run([sys.executable, "-c", program], input=stored, cwd="/", capture_output=True, text=True, check=False)
    assert done.stdout == "resumed:MineConfig\n", done.stderr


def test_a_recipe_takes_its_sandbox_to_another_process(tmp_path: Path) -> None:
    """As a Ray worker unpacks it."""
    config = load_config(written(tmp_path / "conf", "packed", sandbox="packed_box:BoxConfig"))
    recipe = EvaluatorRecipe(
        problem="bin_packing_online", settings={}, sandbox=config.evaluation.sandbox, limits=Limits(), seed=1
    )
    program = "import pickle, sys; print(pickle.load(sys.stdin.buffer).sandbox.kind)"
    done = subprocess.run([sys.executable, "-c", program], input=pickle.dumps(recipe), cwd="/", capture_output=True, check=False)
    assert done.stdout == b"packed_box:BoxConfig\n", done.stderr.decode()


def test_a_recipe_takes_its_problem_to_another_process(tmp_path: Path) -> None:
    """A class of a module beside the configuration is found there, also by a worker that stands elsewhere."""
    config = written(tmp_path / "conf", "carried", sandbox="process")
    source = (Path(__file__).parents[1] / "list_scheduling" / "problem.py").read_text()
    (config.parent / "carried_problem.py").write_text(source)
    config.write_text(config.read_text().replace("bin_packing_online", "'carried_problem:ListScheduling'"))
    loaded = load_config(config)
    assert loaded.plugins == str(tmp_path / "conf")
    recipe = EvaluatorRecipe(problem=loaded.problem.name, settings={}, sandbox=loaded.evaluation.sandbox, limits=Limits(), seed=1)
    program = (
        "import pickle, sys\nfrom evoheur.evaluation.evaluation_task import EvaluationTask\n"
        "from evoheur.evaluation.instance_set import InstanceSet\n"
        "recipe = pickle.load(sys.stdin.buffer); problem = recipe.load(); evaluator = recipe.make(problem)\n"
        "code = 'def choose(length, loads): return -loads.astype(float)'\n"
        "task = EvaluationTask(code=code, instances=InstanceSet.of_split(problem, 'train'))\n"
        "print(evaluator.evaluate(task).status.value); evaluator.close()"
    )
    done = subprocess.run([sys.executable, "-c", program], input=pickle.dumps(recipe), cwd="/", capture_output=True, check=False)
    assert done.stdout == b"ok\n", done.stderr.decode()


def test_a_stored_run_of_a_problem_that_is_gone_can_still_be_read(tmp_path: Path) -> None:
    """Loading the problem says what is missing; looking at the run needs none."""
    data = load_config(written(tmp_path, "goner")).model_dump(mode="json") | {"problem": {"name": "goner_problem:Gone"}}
    assert parse_config(data, where="run").problem.name == "goner_problem:Gone"


def test_a_recipe_of_what_is_installed_is_the_same_after_unpacking() -> None:
    recipe = EvaluatorRecipe(problem="bin_packing_online", settings={}, sandbox=ProcessConfig(), limits=Limits(), seed=1)
    assert pickle.loads(pickle.dumps(recipe)) == recipe


def test_the_folder_may_be_named(tmp_path: Path) -> None:
    written(tmp_path / "code", "named")
    config = tmp_path / "run.yaml"
    config.write_text((tmp_path / "code/run.yaml").read_text() + "plugins: code\n")
    assert load_config(config).plugins == str(tmp_path / "code")


def test_a_configuration_without_plug_ins_stores_no_folder(tmp_path: Path) -> None:
    config = written(tmp_path, "unused")
    config.write_text(config.read_text().replace("unused:MineConfig", "eoh"))
    assert load_config(config).plugins is None


def test_two_modules_of_one_name_are_refused(tmp_path: Path) -> None:
    load_config(written(tmp_path / "one", "twice"))
    with pytest.raises(ConfigError, match="Two modules are called 'twice'"):
        load_config(written(tmp_path / "two", "twice"))


@pytest.mark.parametrize("kind", ["", ":", "a:", ":b", "..:x", "a b:c", "a:b c", "a:b:c", "1:2", "a.:b", "a", "/tmp:x", "a\0:b"])
def test_a_kind_of_no_form_is_unknown(kind: str) -> None:
    with pytest.raises(ConfigError, match=f"Unknown strategy kind {re.escape(repr(kind))}"):
        resolve(kind, BUILTIN_STRATEGIES, what="strategy")


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("no_such:Thing", "needs module 'no_such', which is not installed and is not in"),
        ("é:Thing", "needs module 'é'"),
        ("os:path", "names no configuration class, which is a subclass of evoheur.strategies.strategy.StrategyConfig; write one"),
        ("evoheur.cli.main:main", "names no configuration class"),
        ("evoheur.strategies.eoh:Eoh", "name evoheur.strategies.eoh:EohConfig instead"),
        ("evoheur.strategies.eoh:EohConfg", "names nothing in module 'evoheur.strategies.eoh' (did you mean 'EohConfig'?)"),
        ("evoheur.generation.mutator:MutatorConfig", "names no configuration class"),
        ("evoheur.strategies.strategy:StrategyConfig", "names a class without build"),
        ("raising:Thing", "cannot be imported (ZeroDivisionError: division by zero)"),
        ("leaving:Thing", "cannot be imported (SystemExit: 3)"),
        ("misspelt:Thing", "cannot be imported (SyntaxError"),
        ("odd:Thing", "cannot be imported (Odd: no message)"),
    ],
)
def test_a_kind_that_names_no_configuration_says_what_to_name(tmp_path: Path, kind: str, says: str) -> None:
    odd = "class Odd(BaseException):\n    def __str__(self):\n        return 1 / 0\nraise Odd"
    for name, text in {"raising": "1 / 0", "leaving": "raise SystemExit(3)", "misspelt": "def", "odd": odd}.items():
        (tmp_path / f"{name}.py").write_text(text)
    base: type[Config] = StrategyConfig
    with pytest.raises(ConfigError, match=re.escape(says)):
        resolve_kind(kind, BUILTIN_STRATEGIES, base, what="strategy", folder=tmp_path)


def test_plug_ins_of_one_run_lie_in_one_folder(tmp_path: Path) -> None:
    load_config(written(tmp_path / "one", "first"))
    both: RunConfig = load_config(written(tmp_path / "two", "second"))
    data = both.model_dump(mode="json") | {
        "strategy": {"kind": "first:MineConfig"},
        "evaluation": {"sandbox": {"kind": "second_box:BoxConfig"}},
    }
    with pytest.raises(ConfigError, match="its plug-ins lie in several folders"):
        parse_config(data, where="run.yaml")
