"""Advice beside the configuration of a run."""

from pathlib import Path

from evoheur.archive.advice import Advice
from evoheur.archive.archive import Archive
from tests.evoheur.archive.support.made_up import new_run


def test_two_processes_lose_nothing(tmp_path: Path) -> None:
    """One stores the configuration that a run goes on with, the other has given advice since it was read."""
    url = f"sqlite:///{tmp_path / 'evoheur.db'}"
    with Archive.open(url, create=True) as running, Archive.open(url) as other:
        run = new_run(running)
        assert running.advice(run.id) == ()
        hint = Advice(text="Look ahead.")
        assert other.change_advice(run.id, lambda found: (*found, hint)) == (hint,)
        running.update_config(run.id, {**run.config, "in_flight": 3})
        assert running.advice(run.id) == (hint,)
        assert running.run(run.name).config["in_flight"] == 3


def test_a_run_without_advice_keeps_its_configuration(tmp_path: Path) -> None:
    with Archive.open(f"sqlite:///{tmp_path / 'evoheur.db'}", create=True) as archive:
        run = new_run(archive)
        archive.update_config(run.id, run.config)
        assert archive.run(run.name).config == run.config


def test_advice_is_one_line() -> None:
    assert Advice(text="  Look\n ahead. ").text == "Look ahead."
