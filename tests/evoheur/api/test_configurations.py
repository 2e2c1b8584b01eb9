"""Configurations by name, path and mapping, and the one to begin with."""

from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from evoheur import ConfigError, RunConfig, load_config
from evoheur.api.configurations import folder_beside, overrides_of, shipped_configs, stem_of, write_starting_config

CONFIGS = Path(__file__).parents[3] / "configs"
SETTINGS = {"problem": "bin_packing_online", "strategy": {"kind": "random"}, "generator": {"kind": "mutator"}}


def test_every_file_of_the_folder_ships_with_a_line_on_what_it_is() -> None:
    shipped = shipped_configs()
    assert sorted(shipped) == sorted(path.stem for path in CONFIGS.glob("*.yaml"))
    assert all(len(summary) > 20 and "\n" not in summary for summary in shipped.values())


@pytest.mark.parametrize("name", sorted(path.stem for path in CONFIGS.glob("*.yaml")))
def test_a_shipped_configuration_goes_by_name(name: str) -> None:
    assert load_config(name) == load_config(CONFIGS / f"{name}.yaml")


def test_a_file_of_that_name_wins_only_as_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a file nor a folder of the working directory takes the place of what ships."""
    monkeypatch.chdir(tmp_path)
    mine = yaml.safe_dump({**SETTINGS, "seed": 77})
    for file in ("quickstart", "quickstart.yaml"):
        Path(file).write_text(mine)
    Path("configs").mkdir()
    Path("configs/quickstart.yaml").write_text(mine)
    assert load_config("quickstart").seed == 1
    for path in ("quickstart.yaml", "./quickstart", "configs/quickstart.yaml", Path("quickstart")):
        assert load_config(path).seed == 77


def test_an_unknown_name_is_told_what_there_is_and_how_a_path_is_written() -> None:
    with pytest.raises(ConfigError) as raised:
        load_config("quikstart")
    message = str(raised.value)
    assert "did you mean 'quickstart'" in message
    assert "eoh_tsp_gls" in message
    assert "./quikstart" in message


def test_a_mapping_is_checked_and_left_as_it_is() -> None:
    given = {**SETTINGS, "budget": {"evaluations": 5}}
    config = load_config(given, {"budget.evaluations": 9, "strategy.kind": "eoh", "name": "a-b"})
    assert (config.budget.evaluations, config.strategy.kind, config.name) == (9, "eoh", "a-b")
    assert given["budget"] == {"evaluations": 5}
    with pytest.raises(ConfigError, match="unknown key 'budgt'"):
        load_config({**SETTINGS, "budgt": {}})


def test_a_checked_configuration_is_taken_as_it_is_or_changed() -> None:
    config = load_config(SETTINGS)
    assert load_config(config) is config
    changed = load_config(config, ["seed=5"])
    assert isinstance(changed, RunConfig)
    assert (changed.seed, config.seed) == (5, 1)


def test_changes_are_written_as_on_the_command_line() -> None:
    assert overrides_of({"a.b": "x y", "c": [1, 2.5], "d": None}) == ['a.b="x y"', "c=[1, 2.5]", "d=null"]
    assert overrides_of(["a=1"]) == ["a=1"]
    with pytest.raises(ConfigError, match="neither number, text, list nor mapping"):
        overrides_of({"a": object()})
    for changes in ("a=1", None, 3):
        with pytest.raises(ConfigError, match="write a mapping"):
            overrides_of(cast("Any", changes))


def test_a_wrong_change_is_not_called_an_option_of_the_command_line() -> None:
    with pytest.raises(ConfigError, match=r"^change 'budget\.evaluatons=3': unknown key 'budget\.evaluatons'.*evaluations"):
        load_config("quickstart", {"budget.evaluatons": 3})


@pytest.mark.parametrize("config", [None, 3, ["quickstart"]])
def test_what_is_no_configuration_is_told_what_is(config: object) -> None:
    with pytest.raises(ConfigError, match="'quickstart', the path of a file, a mapping"):
        load_config(cast("Any", config))


def test_what_a_run_is_named_after() -> None:
    assert stem_of("quickstart") == "quickstart"
    assert stem_of(Path("some/my rule.yaml")) == "my-rule"
    assert stem_of(SETTINGS) == "bin_packing_online"
    assert stem_of({**SETTINGS, "problem": {"name": "./knapsack"}}) == "knapsack"
    assert stem_of(load_config(SETTINGS)) == "bin_packing_online"
    assert stem_of("…/….yaml") == "run"


def test_plug_ins_are_looked_for_beside_a_file_only() -> None:
    assert folder_beside("some/run.yaml") == Path("some")
    assert folder_beside(SETTINGS) is None


def test_the_starting_configuration_is_right_with_and_without_a_model(tmp_path: Path) -> None:
    """Also once the lines for a model are uncommented and the offline generator's taken out."""
    file = write_starting_config(tmp_path / "new" / "folder")
    config = load_config(file)
    assert (config.generator.kind, config.problem.name) == ("mutator", "bin_packing_online")
    lines = file.read_text().replace("generator: {kind: mutator, max_nodes: 60}\n", "")
    for line in (
        "generator:",
        "  kind: openai",
        "  model: gpt-5-mini",
        "  base_url: http",
        "  requests: 200",
        "repair: 1",
        "tune: {}",
    ):
        assert f"# {line.lstrip()}" in lines or f"# {line}" in lines, line
        lines = lines.replace(f"# {line}", line, 1).replace(f"  # {line.lstrip()}", f"  {line.lstrip()}", 1)
    file.write_text(lines)
    changed = load_config(file)
    assert (changed.generator.kind, changed.budget.requests, changed.repair) == ("openai", 200, 1)
    assert changed.tune is not None


def test_the_starting_configuration_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "evoheur.yaml").symlink_to(tmp_path / "nowhere")  # a link that leads nowhere is there all the same
    with pytest.raises(ConfigError, match=r"evoheur\.yaml' exists already, and nothing is overwritten"):
        write_starting_config(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be written"):
        write_starting_config(tmp_path / "file")
