"""`advise`: what later prompts show, what is listed, and what is kept when a run goes on."""

import pytest

from evoheur.archive.archive import Archive
from evoheur.archive.records import Asked
from tests.evoheur.cli.conftest import History
from tests.evoheur.cli.support.invoking import evoheur, refusal

HINT = "Look at the idle machines first."


def advising(history: History, *words: str) -> str:
    done = evoheur("advise", "tiny", *words, "--archive", history.url)
    assert done.code == 0, done
    return " ".join(done.out.split())


def resumed(history: History, evaluations: int) -> None:
    assert evoheur("resume", "tiny", "--set", f"budget.evaluations={evaluations}", "--archive", history.url).code == 0


def showing(history: History, hint: str = HINT) -> list[int]:
    """The numbers of the requests whose prompts show a hint, as they are stored."""
    with Archive.open(history.url, read_only=True) as archive:
        log = archive.log(archive.run("tiny").id)
    return [entry.number for entry in log if isinstance(entry, Asked) and any(hint in m.content for m in entry.messages)]


def test_later_prompts_show_it_until_it_is_withdrawn(history: History) -> None:
    """Exactly those requests that the list says, however often the run is resumed."""
    assert advising(history) == "Run tiny was given no advice."
    assert advising(history, f"  {HINT}\n") == "Later prompts of run tiny show this advice."
    assert advising(history) == f"in no prompt yet: {HINT}"
    resumed(history, 12)
    assert advising(history) == f"in prompts from request 12 on: {HINT}"
    first = showing(history)
    assert first[0] == 12
    resumed(history, 14)
    until = showing(history)
    assert until[: len(first)] == first
    assert until == list(range(12, until[-1] + 1))
    assert advising(history, "--clear") == "Withdrawn: 1 of the advice to run tiny."
    assert advising(history) == f"in prompts from request 12 on, withdrawn: {HINT}"
    resumed(history, 16)
    assert showing(history) == until
    assert advising(history) == f"in prompts of requests 12 to {until[-1]}, withdrawn: {HINT}"
    assert advising(history, "--clear") == "Withdrawn: 0 of the advice to run tiny."


def test_a_candidate_says_what_its_prompt_was_advised(history: History) -> None:
    advising(history, HINT)
    resumed(history, 12)
    shown = evoheur("show", "tiny/10", "--archive", history.url).out
    assert f"Advised in its prompt: {HINT}" in shown
    assert "Advised" not in evoheur("show", "tiny/2", "--archive", history.url).out


def test_what_no_prompt_has_shown_is_gone_when_it_is_withdrawn(history: History) -> None:
    advising(history, HINT)
    assert advising(history, "--clear") == "Withdrawn: 1 of the advice to run tiny."
    assert advising(history) == "Run tiny was given no advice."


def test_settings_may_begin_with_some(write_config: object) -> None:
    """Every prompt shows it, the first one too."""
    config = write_config(advice=[HINT])  # type: ignore[operator]
    assert evoheur("run", config, "--name", "tiny").code == 0
    listed = " ".join(evoheur("advise", "tiny").out.split())
    assert listed == f"in prompts from request 1 on: {HINT}"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["tiny", "   "], "cannot be given"),
        (["tiny", "x" * 2001], "cannot be given"),
        (["tiny", HINT, "--clear"], "run the command twice"),
        (["tinny", HINT], "tinny"),
    ],
)
def test_what_is_no_advice_is_refused(history: History, words: list[str], said: str) -> None:
    assert said in refusal("advise", *words, "--archive", history.url)


def test_programs_get_all_advice_as_it_is_afterwards(history: History) -> None:
    def listed(*words: str) -> object:
        return evoheur("advise", "tiny", *words, "--json", "--archive", history.url).document

    fresh = {"format": "advice/1", "run": "tiny", "text": HINT, "first_request": None, "last_request": None, "withdrawn": False}
    assert listed() == []
    assert listed(HINT) == [fresh]
    resumed(history, 12)
    assert listed() == [{**fresh, "first_request": 12}]
    assert listed("--clear") == [{**fresh, "first_request": 12, "withdrawn": True}]
