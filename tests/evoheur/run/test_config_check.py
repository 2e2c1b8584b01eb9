"""A configuration's mistakes: all of them at once, each with its place, its value and the nearest right word."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evoheur.errors import ConfigError, ConfigMistakes
from evoheur.run.config import RunConfig, load_config, parse_config

VALID: dict[str, Any] = {
    "problem": "bin_packing_online",
    "strategy": {"kind": "eoh", "population_size": 4},
    "generator": {"kind": "mutator"},
    "budget": {"evaluations": 10},
}


def mistakes(folder: Path, text: str, *overrides: str) -> list[str]:
    """What is wrong, without the folder."""
    file = folder / "run.yaml"
    file.write_text(text)
    try:
        load_config(file, overrides)
    except ConfigMistakes as error:
        return [line.removeprefix(f"{folder}/") for line in error.mistakes]
    except ConfigError as error:
        return [str(error).removeprefix(f"{folder}/")]
    return []


def test_six_mistakes_take_one_run_to_find(tmp_path: Path) -> None:
    text = """
problm: bin_packing_online
stratgy:
  kind: eoh
  populaton_size: 4
generator: {kind: mutatr}
evaluation:
  limits: {cpu_seconds: fast}
  sandbox: {kind: jail, levl: L0}
in_flight: 0
"""
    found = mistakes(tmp_path, text, "budget.evaluations=many", "seed=yes")
    assert [line.partition("; valid here")[0] for line in found] == [
        "run.yaml:2:1: unknown key 'problm' (did you mean 'problem'?)",
        "run.yaml:3:1: unknown key 'stratgy' (did you mean 'strategy'?)",
        "run.yaml:5:3: unknown key 'strategy.populaton_size' (did you mean 'population_size'?)",
        (
            "run.yaml:6:19: Unknown generator kind 'mutatr' (did you mean 'mutator'?); known: openai, mutator, recorded, pool, "
            "or package.module:Class."
        ),
        "run.yaml:8:25: evaluation.limits.cpu_seconds is 'fast': input should be a valid number, unable to parse string as a number.",
        "run.yaml:9:25: unknown key 'evaluation.sandbox.levl' (did you mean 'level'?)",
        "run.yaml:10:12: in_flight is 0: input should be greater than or equal to 1.",
        (
            "--set 'budget.evaluations=many': budget.evaluations is 'many': input should be a valid integer, unable to parse string "
            "as an integer."
        ),
        "--set 'seed=yes': seed is True: it must be a number.",
    ]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"strategy": None}, ["run.yaml:6:11: strategy has nothing below it; give its settings, or leave it out."]),
        ({"evaluation": None}, ["run.yaml:3:13: evaluation has nothing below it; give its settings, or leave it out."]),
        ({"evaluation": 3}, ["run.yaml:3:13: evaluation is 3: it must be a group of settings."]),
        ({"strategy": {"kin": "eoh"}}, ["run.yaml:7:3: unknown key 'strategy.kin' (did you mean 'kind'?)."]),
        (
            {"strategy": {"kind": "eoh", "operators": {"e9": 1}}},
            [("run.yaml:9:9: strategy.operators.e9 is 'e9': input should be 'e1', 'e2', 'm1', 'm2', 'm3', 'crossover', "
             "'mutation' or 'splice' (did you mean 'e2'?).")],
        ),
        (
            {"problem": "bin_packing_onlne"},
            ["run.yaml:5:10: Unknown problem 'bin_packing_onlne': neither a bundled problem"],
        ),
        (
            {"problem": {"name": "bin_packing_online", "settings": {"nans": "error"}}},
            ["run.yaml:8:5: problem 'bin_packing_online' has no setting 'nans' (did you mean 'nan'?); it has: nan."],
        ),
        (
            {"problem": {"name": "bin_packing_online", "settings": {"nan": "none"}}},
            ["run.yaml:8:10: bin_packing_online: nan is 'none'"],
        ),
        ({"tune": {"method": "cmaes"}}, ["run.yaml:10:11: Unknown optimiser kind 'cmaes' (did you mean 'cma-es'?)"]),
        (
            {"strategy": {"kind": "map_elites", "grid": {"nodes": {"low": 1, "hgh": 8, "cells": 2}}}},
            ["run.yaml:10:7: unknown key 'strategy.grid.nodes.hgh' (did you mean 'high'?); valid here: low, high, cells, scale."],
        ),
        ({"budget": {"minutes": ".inf"}}, ["run.yaml:2:12: budget.minutes is '.inf'"]),
    ],
)  # fmt: skip
def test_a_mistake_has_its_place(tmp_path: Path, changes: dict[str, Any], found: list[str]) -> None:
    lines = mistakes(tmp_path, yaml.safe_dump({**VALID, **changes}))
    assert len(lines) == len(found)
    for line, expected in zip(lines, found, strict=True):
        assert line.startswith(expected), line


def test_what_is_missing_is_named_with_the_group_that_lacks_it(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "problem: {settings: {}}\nstrategy: {kind: eoh}\n") == [
        "run.yaml:1:1: 'generator' is missing; add it.",
        "run.yaml:1:10: 'problem.name' is missing; add it.",
    ]


def test_a_stored_configuration_is_refused_by_the_name_of_its_run() -> None:
    with pytest.raises(ConfigMistakes, match=r"^run 'r' has 2 mistakes: run 'r': seed is -1.* run 'r': in_flight is 0"):
        parse_config({**VALID, "in_flight": 0, "seed": -1}, where="run 'r'")


_WORDS = st.sampled_from(
    [*RunConfig.model_fields, "kind", "eoh", "portfolio", "members", "jail", "settings", "name", "sandbox", "limits", "tunee"]
)
_VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | _WORDS | st.dates()
_TREES = st.recursive(
    _VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS | st.text(max_size=3), inner, max_size=4)
)
_SECTION = st.sampled_from(
    ["eoh", "reevo", "map_elites", "portfolio", "lhns", "mutator", "openai", "recorded", "local", "jail", "docker"]
).flatmap(lambda kind: st.dictionaries(_WORDS, _TREES, max_size=3).map(lambda settings: {**settings, "kind": kind}))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(_WORDS | st.text(max_size=5), _TREES | _SECTION, max_size=6), st.booleans())
def test_any_tree_is_a_configuration_or_a_mistake(tmp_path: Path, tree: dict[str, Any], based: bool) -> None:
    for line in mistakes(tmp_path, yaml.safe_dump({**VALID, **tree} if based else tree)):
        assert "\n" not in line


@pytest.mark.parametrize(
    ("override", "meant"),
    [
        ("evaluation.wall_seconds=3", "evaluation.limits.wall_seconds"),
        ("cpu_seconds=3", "evaluation.limits.cpu_seconds"),
        ("evaluation.memory_mb=300", "evaluation.limits.memory_mib"),
        ("timeout=3", "evaluation.limits.wall_seconds"),
        ("problem.resample=true", "train.resample"),
    ],
)
def test_a_key_in_the_wrong_group_is_told_its_place(tmp_path: Path, override: str, meant: str) -> None:
    """Also by the word that other programs have for it."""
    [line] = mistakes(tmp_path, yaml.safe_dump(VALID), override)
    key = override.partition("=")[0]
    assert f"unknown key '{key}' (did you mean '{meant}'?); valid here: " in line
