"""`resume`: what may change, what may not, and what a finished run says."""

import re

import pytest

from evoheur.archive.archive import Archive
from tests.evoheur.cli.conftest import History
from tests.evoheur.cli.support.invoking import evoheur, refusal


def test_a_finished_run_says_so_and_prints_its_summary_again(history: History) -> None:
    before = history.path.read_bytes()
    done = evoheur("resume", "tiny", "--archive", history.url)
    assert done.code == 0
    assert "Run tiny is finished (budget of 9 evaluations used)" in done.out
    assert "evoheur resume tiny --set budget.evaluations=18" in done.out
    assert "Best heuristic on validation, of the 2 best on train: tiny/1 (i1)" in done.out
    assert history.path.read_bytes() == before


def test_a_finished_run_prints_the_summary_that_it_ended_with(finished: History) -> None:
    """But for the seconds: the last write to the database was a moment before the end."""
    first = (finished.path.parent / "printed.txt").read_text()
    again = evoheur("resume", "tiny", "--archive", finished.url).out
    then, now = (re.sub(r"\d+ s$", "", text.partition("\n\n")[2], flags=re.MULTILINE) for text in (first, again))
    assert now == then


def test_an_extended_budget_goes_on_and_is_kept(history: History) -> None:
    done = evoheur("resume", "tiny", "--set", "budget.evaluations=12", "--set", "in_flight=2", "--archive", history.url)
    assert done.code == 0, done
    assert "goes on after 11 requests and 9 evaluations" in done.out
    with Archive.open(history.url) as archive:
        run = archive.run("tiny")
        totals = archive.totals(run.id)
    assert (run.status, totals.evaluations) == ("finished", 12)
    assert run.config["budget"]["evaluations"] == 12
    assert run.config["in_flight"] == 2
    assert run.config["seed"] == 1


def test_more_validation_of_a_finished_run_is_something_to_do(history: History) -> None:
    """Two of the best were scored on validation; resuming scores the third and asks for nothing new."""
    assert evoheur("resume", "tiny", "--set", "validation.top=3", "--archive", history.url).code == 0
    best = evoheur("best", "--json", "--archive", history.url).document
    assert [entry["gaps"]["validation"] is not None for entry in best] == [True, True, True, False, False]
    assert evoheur("runs", "--json", "--archive", history.url).document[0]["requests"] == 11


@pytest.mark.parametrize(
    "override",
    [
        "seed=2",
        "name=other",
        "tell_order=asked",
        "problem=bin_packing_online",
        "strategy.population_size=9",
        "evaluation.limits.cpu_seconds=99",
        "evaluation.screen.max_characters=9",
        "evaluation={}",
    ],
)
def test_what_the_log_depends_on_is_fixed(history: History, override: str) -> None:
    message = refusal("resume", "tiny", "--set", "budget.evaluations=20", "--set", override, "--archive", history.url)
    assert repr(override.partition("=")[0]) in message
    assert "start a new run" in message
    with Archive.open(history.url) as archive:
        assert archive.run("tiny").config["budget"]["evaluations"] == 9


def test_a_run_stays_in_its_archive(history: History) -> None:
    assert "--archive URL" in refusal("resume", "tiny", "--set", "archive=sqlite:///x.db", "--archive", history.url)


@pytest.mark.parametrize(
    ("override", "part"),
    [("budget.evaluation=9", "'evaluations'"), ("in_flight=0", "in_flight is 0"), ("budget", "budget.evaluations=500")],
)
def test_a_wrong_change_is_refused(history: History, override: str, part: str) -> None:
    assert part in refusal("resume", "tiny", "--set", override, "--archive", history.url)


def test_a_run_that_somebody_works_on_is_left_alone(history: History) -> None:
    with Archive.open(history.url) as archive, archive.hold("tiny"):
        message = refusal("resume", "tiny", "--set", "budget.evaluations=20", "--archive", history.url)
    assert "'tiny'" in message
    assert "process" in message


def test_a_changed_problem_cannot_be_resumed(history: History) -> None:
    """As if the problem's file had been edited since: the stored hash is another one."""
    with Archive.open(history.url) as archive:
        run = archive.run("tiny")
        archive.create_run(
            name="edited",
            config=run.config,
            seed=run.seed,
            problem=run.problem,
            problem_hash="0" * 32,
            prompts_hash=run.prompts_hash,
            evoheur_version=run.evoheur_version,
        )
    done = evoheur("resume", "edited", "--set", "budget.evaluations=20", "--archive", history.url)
    assert done.code == 1
    assert f"You changed the code in the folder {run.problem!r} since run 'edited' was started" in done.err
    assert "Undo the change, or start a new run." in done.err
    with Archive.open(history.url) as archive:
        assert archive.run("edited").config["budget"]["evaluations"] == 9
