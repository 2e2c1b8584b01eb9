"""How candidates are named on the command line."""

from collections.abc import Callable

import pytest

from evoheur.api.archives import find_candidate
from evoheur.archive.archive import Archive
from evoheur.errors import ArchiveError, ConfigError
from tests.evoheur.cli.conftest import History
from tests.evoheur.cli.invoking import evoheur, refusal


@pytest.mark.parametrize("words", ["tiny/best", "best", "tiny/1", "1"])
def test_the_best_on_train_has_a_name_of_its_own(finished: History, words: str) -> None:
    """Candidate 1 is the best of the run "tiny", which is the latest."""
    with Archive.open(finished.url, read_only=True) as archive:
        assert find_candidate(archive, words).id == "tiny/1"


@pytest.mark.parametrize("words", ["tiny/", "tiny/worst", "tiny/-1", "a b/1", ""])
def test_other_words_are_refused(finished: History, words: str) -> None:
    with Archive.open(finished.url, read_only=True) as archive, pytest.raises(ConfigError, match="RUN/best"):
        find_candidate(archive, words)


def test_a_run_that_bred_nothing_has_no_best(write_config: Callable[..., str]) -> None:
    """Its one candidate raises."""
    generator = {"kind": "tests.evoheur.cli.scripted:ScriptedConfig", "script": ["raises"]}
    assert evoheur("run", write_config(generator=generator, budget={"evaluations": 1}), "--quiet").code == 0
    assert "small-1/0 is what it began with" in refusal("show", "small-1/best")


def test_no_run_no_best(finished: History) -> None:
    with Archive.open(finished.url, read_only=True) as archive, pytest.raises(ArchiveError, match="nowhere"):
        find_candidate(archive, "nowhere/best")
