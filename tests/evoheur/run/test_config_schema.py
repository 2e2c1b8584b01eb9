"""The configuration's schema, judged as an editor does: what `load_config` takes passes, and a mistake is found where it is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from evoheur.errors import ConfigError
from evoheur.problem_modules import bundled_problems
from evoheur.run.config import FAMILIES, load_config, parse_config
from evoheur.run.config_schema import config_schema

SHIPPED = sorted((Path(__file__).parents[3] / "configs").glob("*.yaml"))
TOO_NEW = {"$defs", "prefixItems", "unevaluatedProperties", "dependentRequired", "dependentSchemas", "minContains", "$anchor"}
"""Words of later drafts, which an editor of draft 7 passes over in silence."""


@pytest.fixture(scope="module")
def editor() -> Draft7Validator:
    schema = config_schema()
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


def places(editor: Draft7Validator, config: Any) -> list[str]:
    """Where the editor underlines something, as "strategy.parents"."""
    return sorted({".".join(map(str, fault.absolute_path)) for fault in editor.iter_errors(config)})


def tidy(**changes: Any) -> dict[str, Any]:
    return {"problem": "tsp_gls", "strategy": {"kind": "eoh"}, "generator": {"kind": "mutator"}, **changes}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_configuration_passes(editor: Draft7Validator, path: Path) -> None:
    assert places(editor, yaml.safe_load(path.read_text())) == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_so_does_what_is_stored_of_it(editor: Draft7Validator, path: Path) -> None:
    """Written out in full, every default is one that the schema allows."""
    assert places(editor, load_config(path).model_dump(mode="json")) == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_misspelt_key_is_found_in_every_section(editor: Draft7Validator, path: Path) -> None:
    """The editor and `load_config` agree on it, whatever the kind of the section."""
    config = yaml.safe_load(path.read_text())
    for place, section in enumerate(sections(config)):
        section["mispelt"] = 1
        assert places(editor, config) != [], place
        with pytest.raises(ConfigError, match="mispelt"):
            parse_config(yaml.safe_load(yaml.safe_dump(config)), where="here")
        del section["mispelt"]
    assert places(editor, config) == []


def sections(config: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The configuration and all groups of settings in it; the keys of problems' settings, operators and grids are not fixed."""
    yield config
    for key, value in config.items():
        if isinstance(value, dict) and key not in {"settings", "operators", "grid"}:
            yield from sections(value)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"seed": -1}, "seed"),
        ({"in_flight": "many"}, "in_flight"),
        ({"tell_order": "random"}, "tell_order"),
        ({"strategy": "eoh"}, "strategy"),
        ({"strategy": {"population_size": 3}}, "strategy"),
        ({"strategy": {"kind": "eho"}}, "strategy.kind"),
        ({"strategy": {"kind": "eoh", "population_size": 0}}, "strategy.population_size"),
        ({"strategy": {"kind": "random", "population_size": 3}}, "strategy"),
        ({"strategy": {"kind": "portfolio", "members": [{"kind": "eoh", "parents": "two"}]}}, "strategy.members.0.parents"),
        ({"strategy": {"kind": "portfolio", "members": [{"kind": "nobody"}]}}, "strategy.members.0.kind"),
        ({"generator": {"kind": "openai"}}, "generator"),
        ({"generator": {"kind": "mutator", "max_nodes": 1}}, "generator.max_nodes"),
        ({"evaluation": {"sandbox": {"kind": "jail", "level": "L9"}}}, "evaluation.sandbox.level"),
        ({"evaluation": {"executor": {"kind": "local", "slots": 0}}}, "evaluation.executor.slots"),
        ({"evaluation": {"limits": {"cpu_seconds": 0}}}, "evaluation.limits.cpu_seconds"),
        ({"budget": {"evaluations": "all"}}, "budget.evaluations"),
        ({"tune": {"method": "gradient"}}, "tune"),
        ({"problem": {"name": "tsp_gls", "settings": {"iterations": 3}}}, "problem"),
        ({"problem": {"settings": {}}}, "problem"),
        ({"problem": 3}, "problem"),
    ],
)
def test_a_mistake_is_found_where_it_is(editor: Draft7Validator, changes: dict[str, Any], place: str) -> None:
    assert places(editor, tidy()) == []
    assert places(editor, tidy(**changes)) == [place]


@pytest.mark.parametrize(
    "changes",
    [
        {"problem": "./mine"},
        {"problem": "mylab.knapsack:Knapsack"},
        {"problem": {"name": "./mine", "settings": {"anything": [1]}}},
        {"problem": {"name": "tsp_gls", "settings": {"perturbations": 3}, "instances": {"train": "a.tsp"}}},
        {"problem": {"name": "tsp_gls", "instances": {"train": {"path": "a.tsp"}}}},
        {"strategy": {"kind": "mylab.greedy:GreedyConfig", "depth": 3}},
        {"tune": {"method": "mylab.descent:Descent"}},
        {"tune": None},
        {"budget": {"evaluations": None, "minutes": 1.5}},
    ],
)
def test_short_forms_and_plug_ins_pass(editor: Draft7Validator, changes: dict[str, Any]) -> None:
    assert places(editor, tidy(**changes)) == []


def test_every_setting_is_described_and_every_kind_offered() -> None:
    schema = config_schema()
    for name, section in {"": schema, **schema["definitions"]}.items():
        for key, setting in section["properties"].items():
            assert is_described(setting, schema["definitions"]) or key in {"kind", "problem"}, (name, key)
    for family in FAMILIES.values():
        kinds = schema["definitions"][family.base.__name__]["properties"]["kind"]["anyOf"]
        assert [kind["const"] for kind in kinds if "const" in kind] == list(family.builtin)
        assert all(kind["description"] for kind in kinds)
    offered = [name["const"] for name in schema["properties"]["problem"]["anyOf"][0]["anyOf"] if "const" in name]
    assert offered == list(bundled_problems())


def is_described(setting: dict[str, Any], definitions: dict[str, Any]) -> bool:
    return "description" in (definitions[setting["$ref"].rpartition("/")[2]] if "$ref" in setting else setting)


def test_defaults_are_those_of_the_models() -> None:
    schema = config_schema()
    assert (schema["properties"]["in_flight"]["default"], schema["properties"]["in_flight"]["maximum"]) == (4, 1024)
    assert schema["definitions"]["EohConfig"]["properties"]["parents"]["default"] == 5
    assert "default" not in schema["definitions"]["LocalConfig"]["properties"]["slots"], "it depends on the machine"


def test_it_has_only_words_that_editors_know() -> None:
    assert words(config_schema()) & TOO_NEW == set()


def words(schema: Any) -> set[str]:
    """All keys in a schema."""
    if isinstance(schema, list):
        return {word for item in schema for word in words(item)}
    return {*schema, *(word for value in schema.values() for word in words(value))} if isinstance(schema, dict) else set()
