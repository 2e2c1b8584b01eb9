"""Reading configurations: every mistake is one line that names the value and the remedy."""

import re
from pathlib import Path

import pytest
import yaml

from evoheur.errors import ConfigError
from evoheur.run.config import RunConfig, load_config, parse_config
from evoheur.run.problem_config import ProblemConfig

CONFIGS = sorted((Path(__file__).parents[3] / "configs").glob("*.yaml"))

VALID = """
problem: bin_packing_online
strategy: {kind: eoh, population_size: 4}
generator: {kind: mutator}
budget: {evaluations: 10}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "run.yaml"
    path.write_text(text)
    return path


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_shipped_configurations_are_valid_and_survive_the_archive(path: Path) -> None:
    """What is stored with a run must give the same configuration when it is resumed."""
    config = load_config(path)
    assert parse_config(config.model_dump(mode="json"), where="archive") == config


def test_there_are_shipped_configurations() -> None:
    assert {path.stem for path in CONFIGS} >= {"quickstart", "eoh_bin_packing_online", "random_bin_packing_online"}


def test_a_problem_may_be_named_by_a_plain_string(tmp_path: Path) -> None:
    assert load_config(written(tmp_path, VALID)).problem.name == "bin_packing_online"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param(VALID + "bugdet: {evaluations: 1}", "unknown key 'bugdet' (did you mean 'budget'?)", id="top-level key"),
        pytest.param(
            VALID.replace("evaluations", "evaluation"),
            "unknown key 'budget.evaluation' (did you mean 'evaluations'?)",
            id="nested key",
        ),
        pytest.param(
            VALID.replace("population_size", "population"),
            "'strategy.population' (did you mean 'population_size'?)",
            id="key of a kind",
        ),
        pytest.param(VALID.replace("10}", "many}"), "budget.evaluations is 'many'", id="wrong type"),
        pytest.param(VALID.replace("kind: eoh", "kind: eho"), "Unknown strategy kind 'eho' (did you mean 'eoh'?)", id="strategy"),
        pytest.param(
            VALID.replace("kind: mutator", "kind: openia"),
            "Unknown generator kind 'openia' (did you mean 'openai'?)",
            id="generator",
        ),
        pytest.param(
            VALID + "evaluation: {sandbox: {kind: proces}}",
            "Unknown sandbox kind 'proces' (did you mean 'process'?)",
            id="sandbox",
        ),
        pytest.param(VALID + "evaluation: {executor: {slots: 2}}", "evaluation.executor needs a kind", id="no kind"),
        pytest.param(VALID.replace("kind: eoh", "kind: no.such:Thing"), "needs module 'no'", id="missing plug-in"),
        pytest.param(
            VALID.replace("kind: eoh", "kind: json:JSONDecoder"),
            "names no configuration class, which is a subclass of",
            id="plug-in of another family",
        ),
        pytest.param(VALID.replace("problem: bin_packing_online", ""), "'problem' is missing", id="no problem"),
        pytest.param(VALID + "in_flight: 0", "in_flight is 0", id="out of range"),
        pytest.param(VALID + "name: a/b", "name is 'a/b'", id="bad name"),
        pytest.param("- a\n- b", "must hold a mapping", id="a list"),
        pytest.param("a: [", "not valid YAML", id="broken YAML"),
    ],
)
def test_a_mistake_names_the_value_and_what_to_do(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(says)) as caught:
        load_config(written(tmp_path, text))
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no configuration file .*nowhere\.yaml"):
        load_config(tmp_path / "nowhere.yaml")


def test_overrides_reach_nested_settings_and_create_groups(tmp_path: Path) -> None:
    config = load_config(
        written(tmp_path, VALID),
        ["budget.evaluations=500", "evaluation.limits.cpu_seconds=2.5", "problem.settings={nan: highest}"],
    )
    assert (config.budget.evaluations, config.evaluation.limits.cpu_seconds) == (500, 2.5)
    assert config.problem.settings == {"nan": "highest"}
    assert config.problem.name == "bin_packing_online"


@pytest.mark.parametrize("override", ["budget", "=3", "budget..x=3", "seed.x=1", "seed=[", "seed=2001-99-99"])
def test_a_malformed_override_is_refused_by_its_words(tmp_path: Path, override: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(f"--set {override!r}: ")):
        load_config(written(tmp_path, VALID + "seed: 1"), [override])


def test_configurations_are_immutable(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, VALID))
    with pytest.raises(ValueError, match="frozen"):
        config.seed = 2


def test_every_setting_says_what_it_is_in_the_schema() -> None:
    """The documentation is generated from the models, so a field without a sentence is a hole in it."""
    schema = yaml.safe_load(yaml.safe_dump(RunConfig.model_json_schema()))
    missing = [
        f"{name}.{field}"
        for name, model in schema["$defs"].items()
        for field, what in model.get("properties", {}).items()
        if "description" not in what and "$ref" not in what and "allOf" not in what
    ]
    assert not missing


def test_instances_of_ones_own_may_be_named_by_their_path() -> None:
    named = ProblemConfig.model_validate({"name": "p", "instances": {"train": "a.json", "validation": {"path": "b"}}})
    assert {split: files.path for split, files in named.files.items()} == {"train": "a.json", "validation": "b"}
    assert parse_config({**yaml.safe_load(VALID), "problem": named.model_dump(mode="json")}, where="archive").problem == named


def test_a_published_set_is_the_problems_setting() -> None:
    """So the guest and every command see one thing; two different names for it are a mistake."""
    assert ProblemConfig.model_validate({"name": "p", "instances": {"set": "eoh_tsp50"}}).settings == {"set": "eoh_tsp50"}
    data = {**yaml.safe_load(VALID), "problem": {"name": "p", "instances": {"set": "a"}, "settings": {"set": "b"}}}
    with pytest.raises(ConfigError, match=r"instances\.set is 'a' and settings\.set is 'b'"):
        parse_config(data, where="run.yaml")


def test_a_wrong_key_beside_a_path_is_named_with_the_right_ones() -> None:
    data = {**yaml.safe_load(VALID), "problem": {"name": "p", "instances": {"train": {"path": "a", "hash": "b"}}}}
    with pytest.raises(ConfigError, match=r"'problem\.instances\.train\.hash'.* valid here: path, sha256"):
        parse_config(data, where="run.yaml")
