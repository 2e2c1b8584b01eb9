"""Settings from the command line, and what becomes of those that another kind does not know."""

from pathlib import Path

import pytest

from evoheur.api.resumed_config import changed_config
from evoheur.archive.records import RunRecord
from evoheur.errors import ConfigError
from evoheur.run.config import RunConfig, load_config
from tests.evoheur.report.test_arms import record

FILE = """
problem: {name: bin_packing_online, settings: {nan: highest}}
strategy: {kind: eoh, population_size: 4, parents: 2}
generator: {kind: mutator, max_nodes: 50}
evaluation: {sandbox: {kind: jail, level: L0}}
"""


def loaded(folder: Path, *overrides: str) -> tuple[RunConfig, list[str]]:
    (folder / "run.yaml").write_text(FILE)
    notices: list[str] = []
    return load_config(folder / "run.yaml", overrides, notify=notices.append), notices


def test_another_kind_leaves_out_what_only_the_old_one_has(tmp_path: Path) -> None:
    config, notices = loaded(tmp_path, "strategy.kind=reevo", "evaluation.sandbox.kind=process")
    assert (config.strategy.kind, config.evaluation.sandbox.kind) == ("reevo", "process")
    assert notices == [
        "--set 'strategy.kind=reevo': left out what 'eoh' has and 'reevo' has not: parents; kept population_size.",
        "--set 'evaluation.sandbox.kind=process': left out what 'jail' has and 'process' has not: level.",
    ]


def test_another_problem_leaves_out_what_only_the_old_one_has(tmp_path: Path) -> None:
    config, notices = loaded(tmp_path, "problem.name=tsp_constructive")
    assert config.problem.settings == {}
    assert "left out what 'bin_packing_online' has and 'tsp_constructive' has not: nan." in notices[0]


def test_a_whole_section_has_nothing_to_leave_out(tmp_path: Path) -> None:
    config, notices = loaded(tmp_path, "strategy={kind: reevo}")
    assert (config.strategy.kind, notices) == ("reevo", [])


@pytest.mark.parametrize("override", ["strategy.parents=3", "strategy.nonsense=3"])
def test_what_is_set_by_hand_is_never_left_out(tmp_path: Path, override: str) -> None:
    with pytest.raises(ConfigError, match=f"^--set '{override}': unknown key '{override[:-2]}'"):
        loaded(tmp_path, "strategy.kind=reevo", override)


def test_a_mistake_of_the_file_is_none_of_the_old_kind(tmp_path: Path) -> None:
    (tmp_path / "run.yaml").write_text(FILE.replace("parents", "parentz"))
    with pytest.raises(ConfigError, match=r"run\.yaml:3:43: unknown key 'strategy\.parentz'"):
        load_config(tmp_path / "run.yaml", ["strategy.kind=reevo"])


def test_a_resumed_run_may_get_another_generator(tmp_path: Path) -> None:
    """Its stored configuration has every setting of the old one."""
    config, _ = loaded(tmp_path)
    run: RunRecord = record("r", config=config.model_dump(mode="json"))
    notices: list[str] = []
    changed = changed_config(run, ["generator.kind=openai", "generator.model=m"], notify=notices.append)
    assert changed.generator.kind == "openai"
    assert "left out what 'mutator' has and 'openai' has not: max_nodes, nonnegative, order_terms" in notices[0].replace(
        "max_nodes, order_terms, nonnegative", "max_nodes, nonnegative, order_terms"
    )
