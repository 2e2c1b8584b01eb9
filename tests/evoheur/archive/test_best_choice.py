"""Which candidate is the best of a run."""

import pytest

from evoheur.archive.archive import Archive
from evoheur.archive.best_choice import best_validated, considered
from evoheur.archive.records import CandidateRecord
from evoheur.candidate import Evaluation, Status
from tests.evoheur.archive.support.made_up import candidate, evaluation, new_run, step


def record(number: int, train: float, validation: Evaluation | float | None = None) -> CandidateRecord:
    own = candidate(number, train)
    scored = evaluation(validation, split="validation") if isinstance(validation, float) else validation
    evaluations = {"train": own.evaluation} | ({} if scored is None else {"validation": scored})
    return CandidateRecord(run="r", candidate=own, evaluations=evaluations, asked=None)


TIMEOUT = evaluation(None, status=Status.TIMEOUT, split="validation")


@pytest.mark.parametrize(
    ("records", "best"),
    [
        ([record(1, 1.0, 3.0), record(2, 1.5, 2.0)], 2),
        ([record(1, 1.0, 2.0), record(2, 1.5, 2.0)], 1),  # equal: the better on train
        ([record(1, 1.0, TIMEOUT), record(2, 1.5, 9.0)], 2),
        ([record(1, 1.0, TIMEOUT), record(2, 1.5)], 1),  # nobody has a score
        ([record(1, 1.0), record(2, 1.5, 9.0)], 2),
        ([record(1, 1.0), record(2, 1.5)], 1),
    ],
)
def test_the_lowest_on_validation_is_the_best_and_else_the_best_on_train(records: list[CandidateRecord], best: int) -> None:
    chosen = best_validated(records)
    assert chosen is not None
    assert chosen.candidate.id == best


def test_of_nothing_nothing_is_best() -> None:
    assert best_validated([]) is None


@pytest.mark.parametrize(
    ("config", "number"), [({"validation": {"top": 10}}, 10), ({"validation": {"top": 0}}, 1), ({"validation": {}}, 1), ({}, 1)]
)
def test_a_run_chooses_among_as_many_as_it_validates(config: dict[str, object], number: int) -> None:
    assert considered(config) == number


@pytest.mark.parametrize(("top", "best"), [(0, 1), (1, 1), (2, 2), (3, 3)])
def test_scores_of_candidates_that_were_no_choice_do_not_count(url: str, top: int, best: int) -> None:
    """On train 1, 2, 3 from best to worst, on validation the other way round."""
    with Archive.open(url, create=True) as archive:
        run = new_run(archive, config={"validation": {"top": top}})
        archive.record_baseline(run.id, candidate(0))
        for number in (1, 2, 3):
            step(archive, run, candidate(number, float(number)), tag=f"{number}")
            archive.record_evaluation(run.id, number, evaluation(5.0 - number, split="validation"))
        chosen = archive.chosen(run.name)
        assert chosen is not None
        assert chosen.candidate.id == best


def test_a_run_without_success_has_no_best(url: str) -> None:
    with Archive.open(url, create=True) as archive:
        run = new_run(archive)
        archive.record_baseline(run.id, candidate(0))
        assert archive.chosen(run.name) is None
