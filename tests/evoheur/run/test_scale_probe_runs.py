"""Runs on a problem with symmetries: what is best keeps to them, also after a resume."""

import asyncio
from pathlib import Path

import pytest

from evoheur.archive.archive import Archive
from evoheur.archive.records import CandidateRecord
from evoheur.candidate import Status
from evoheur.errors import ExecutorError
from tests.evoheur.run.test_loop import Stopper, configure, run, wire

FOLDER = str(Path(__file__).parents[2] / "job_order")
CONFIG = configure(FOLDER, generator={"kind": "mutator", "max_nodes": 20}, budget={"evaluations": 40})


def records(folder: Path) -> list[CandidateRecord]:
    with Archive.open(f"sqlite:///{folder}/a.db", read_only=True) as archive:
        return archive.candidates("r")


def test_what_is_best_has_no_units(tmp_path: Path) -> None:
    """Some candidates are refused, with their reason; whoever was the best so far was tried."""
    stopped = run(CONFIG, tmp_path)
    found = records(tmp_path)
    refused = [one.candidate.evaluation for one in found if one.candidate.evaluation.status is Status.SCALE_DEPENDENT]
    assert refused
    assert all("is solved another way" in evaluation.detail and not evaluation.results for evaluation in refused)
    assert stopped.best[0].candidate.evaluation.status is Status.OK
    assert stopped.best[0].evaluations["validation"].status is Status.OK
    assert stopped.totals.failures["scale_dependent"] == len(refused)


def test_a_resumed_run_refuses_the_same(tmp_path: Path) -> None:
    """The probe is a function of the code, so that a run goes the same way twice, in one session or in two."""
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    whole.mkdir()
    cut.mkdir()
    config = CONFIG.model_copy(update={"in_flight": 1})  # what is in flight at a stop is told together
    run(config, whole)
    stopper = Stopper(after=15)
    with Archive.open(f"sqlite:///{cut}/a.db", create=True) as archive:
        stopper.discovery = wire(config, archive, observers=[stopper])
        assert asyncio.run(stopper.discovery.discover()).run.status == "interrupted"
    assert run(config, cut, resume=True).run.status == "finished"
    told = [
        [(one.candidate.code, one.candidate.evaluation.status, one.candidate.evaluation.detail) for one in records(folder)]
        for folder in (whole, cut)
    ]
    assert told[0] == told[1]


def test_a_problem_whose_own_rule_breaks_its_symmetries_is_not_begun(tmp_path: Path) -> None:
    """Or all candidates would be refused; the message has the difference."""
    folder = tmp_path / "mixing"
    folder.mkdir()
    text = (Path(FOLDER) / "problem.py").read_text().replace("return weights.astype(float)", "return weights - lengths")
    (folder / "problem.py").write_text(text)
    config = configure(str(folder), generator={"kind": "mutator", "max_nodes": 20}, budget={"evaluations": 5})
    with pytest.raises(ExecutorError, match=r"ends with 'scale_dependent' \(train-0 with lengths × 1024 is solved another way"):
        run(config, tmp_path)
