"""`discoveries`: a configuration with several seeds, and the tables of what they found."""

from collections.abc import Callable
from pathlib import Path

from evoheur.archive.archive import Archive
from tests.evoheur.cli.support.invoking import evoheur, refusal

Write = Callable[..., str]


def test_every_seed_is_run_scored_on_all_splits_and_tabled(write_config: Write) -> None:
    """And the scores on test are stored with the candidates."""
    config = write_config(budget={"evaluations": 3})
    done = evoheur("discoveries", config, "--seeds", "2", "-o", "tables.md")
    assert done.code == 0, done
    for split in ("train", "validation", "test"):
        assert f"### {split}" in done.out
    rows = [line for line in done.out.splitlines() if line.startswith("| seed ")]
    assert [line.split(" | ")[0] for line in rows] == ["| seed 1", "| seed 2"] * 3
    assert Path("tables.md").read_text().count("| median of seeds ") == 3
    with Archive.open("sqlite:///runs/evoheur.db", read_only=True) as archive:
        assert [run.name for run in archive.runs()] == ["small-eoh-1", "small-eoh-2"]
        chosen = archive.chosen("small-eoh-2")
    assert chosen is not None
    assert {"train", "validation", "test"} <= set(chosen.evaluations)


def test_the_same_command_again_runs_nothing_anew(write_config: Write) -> None:
    config = write_config(budget={"evaluations": 3})
    first = evoheur("discoveries", config, "--seeds", "1")
    again = evoheur("discoveries", config, "--seeds", "1")
    assert "small-eoh-1 was finished" in again.out
    assert first.out.partition("## small")[2] == again.out.partition("## small")[2]


def test_a_configuration_that_is_not_there_is_refused() -> None:
    assert "nowhere.yaml" in refusal("discoveries", "nowhere.yaml")
