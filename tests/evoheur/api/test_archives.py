"""Where archives are, what is read from them, and how candidates are named."""

from collections.abc import Callable
from pathlib import Path

import pytest

from evoheur import open_archive
from evoheur.api.archives import DEFAULT_ARCHIVE, archive_address, find_candidate
from evoheur.archive.archive import Archive
from evoheur.errors import ArchiveError, ConfigError
from tests.evoheur.cli.conftest import History
from tests.evoheur.cli.support.invoking import evoheur, refusal


@pytest.mark.parametrize("words", ["tiny/best", "best", "tiny/1", "1"])
def test_the_best_on_train_has_a_name_of_its_own(finished: History, words: str) -> None:
    """Candidate 1 is the best of the run "tiny", which is the latest."""
    with Archive.open(finished.url, read_only=True) as archive:
        assert find_candidate(archive, words).id == "tiny/1"


@pytest.mark.parametrize("words", ["tiny/", "tiny/worst", "tiny/-1", "a b/1", ""])
def test_other_words_are_refused(finished: History, words: str) -> None:
    with Archive.open(finished.url, read_only=True) as archive, pytest.raises(ConfigError, match="RUN/best"):
        find_candidate(archive, words)


def test_a_negative_number_of_best_ones_is_refused(finished: History) -> None:
    with open_archive(finished.url) as archive, pytest.raises(ArchiveError, match="no -3 best candidates of run 'tiny'"):
        archive.best("tiny", -3)


def test_a_run_that_bred_nothing_has_no_best(write_config: Callable[..., str]) -> None:
    """Its one candidate raises."""
    generator = {"kind": "tests.evoheur.cli.support.scripted:ScriptedConfig", "script": ["raises"]}
    assert evoheur("run", write_config(generator=generator, budget={"evaluations": 1}), "--quiet").code == 0
    assert "small-1/0 is what it began with" in refusal("show", "small-1/best")


def test_no_run_no_best(finished: History) -> None:
    with Archive.open(finished.url, read_only=True) as archive, pytest.raises(ArchiveError, match="nowhere"):
        find_candidate(archive, "nowhere/best")


def test_where_an_archive_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is named, else the environment's, else what a configuration says, else runs/evoheur.db."""
    assert archive_address(None) == DEFAULT_ARCHIVE
    assert archive_address(None, "sqlite:///file.db") == "sqlite:///file.db"
    monkeypatch.setenv("EVOHEUR_ARCHIVE", "sqlite:///environment.db")
    assert archive_address(None, "sqlite:///file.db") == "sqlite:///environment.db"
    assert archive_address("sqlite:///named.db", "sqlite:///file.db") == "sqlite:///named.db"
    assert archive_address(Path("some/named.db")) == "sqlite:///some/named.db"
    assert archive_address(Path("/some/named.db")) == "sqlite:////some/named.db"


def test_an_archive_is_opened_for_reading_only(finished: History, monkeypatch: pytest.MonkeyPatch) -> None:
    before = finished.path.read_bytes()
    monkeypatch.setenv("EVOHEUR_ARCHIVE", finished.url)
    for where in (None, finished.path, finished.url):
        with open_archive(where) as archive:
            [run] = archive.runs()
            assert (run.name, archive.totals(run.id).evaluations) == ("tiny", 9)
            assert [record.candidate.id for record in archive.best("tiny", 5)] == [1, 7, 5, 4, 2]
            assert len(archive.candidates("tiny")) == 10
    assert finished.path.read_bytes() == before


def test_an_archive_that_is_not_there_is_not_made() -> None:
    with pytest.raises(ArchiveError, match=r"There is no archive at sqlite:///nothing\.db"):
        open_archive(Path("nothing.db"))
    assert not Path("nothing.db").exists()
