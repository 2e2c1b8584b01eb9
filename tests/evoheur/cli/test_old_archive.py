"""Archives that an earlier evoheur wrote: brought up to date they are read, resumed and replayed as if nothing had happened.

Runs of the random strategy measure one problem as a mean of gaps, a gap of sums, a mean cost, and without references; "tuned" tunes its
constants, "again" replays the replies of "mean-of-gaps". What that evoheur showed of every evaluation is in shown.json.
"""

import gzip
import json
import shutil
from pathlib import Path

import pytest

from evoheur.archive.archive import Archive
from evoheur.observers.number_text import Scale
from tests.evoheur.cli.support.invoking import evoheur

PLAYED = Path(__file__).parents[2] / "data" / "archives" / "played"
RUNS = ("mean-of-gaps", "ratio-of-sums", "mean-cost", "no-references", "tuned", "again")


@pytest.fixture(params=sorted(PLAYED.glob("*.db.gz")), ids=lambda path: path.name.partition(".")[0])
def old(request: pytest.FixtureRequest) -> str:
    """The archive's address, in the working folder, beside the problem of its runs."""
    Path("old.db").write_bytes(gzip.decompress(request.param.read_bytes()))
    shutil.copytree(PLAYED / "list_scheduling", "list_scheduling", ignore=shutil.ignore_patterns("__pycache__"))
    return "sqlite:///old.db"


@pytest.fixture
def upgraded(old: str) -> str:
    done = evoheur("db", "upgrade", old)
    assert done.code == 0, done
    return old


def test_it_is_not_touched_before_its_user_says_so(old: str) -> None:
    before = Path("old.db").read_bytes()
    done = evoheur("runs", "--archive", old)
    assert done.code == 2
    assert "bring it up to date with `evoheur db upgrade sqlite:///old.db`" in done.err
    assert Path("old.db").read_bytes() == before


def test_every_objective_is_shown_as_it_was(upgraded: str) -> None:
    shown = {}
    with Archive.open(upgraded, read_only=True) as archive:
        assert tuple(run.name for run in archive.runs()) == RUNS
        for record in (record for run in RUNS for record in archive.candidates(run)):
            for split, evaluation in record.evaluations.items():
                scale = Scale.of([evaluation])
                text = None if evaluation.objective is None else f"{scale.value} {scale.text(evaluation.objective)}"
                shown[f"{record.id} {split}"] = text
    assert shown == json.loads((PLAYED / "shown.json").read_text())
    assert {text.partition(" ")[0] for text in shown.values() if text is not None} == {"gap", "mean"}


@pytest.mark.parametrize("run", RUNS[:-1])
def test_it_is_resumed_from_its_log(upgraded: str, run: str) -> None:
    """The strategy is told the old log again, or the run would end with ReplayDiverged, and what is new comes after it."""
    with Archive.open(upgraded, read_only=True) as archive:
        before = archive.log(archive.run(run).id)
        evaluations = archive.totals(archive.run(run).id).evaluations
    more = f"budget.evaluations={evaluations + 2}"
    done = evoheur("resume", run, "--archive", upgraded, "--set", more, "--quiet")
    assert done.code == 0, done
    assert done.err.startswith("note: The prompts of this evoheur"), "that of the fixtures had others"
    assert done.err.count("\n") == 1, done
    with Archive.open(upgraded, read_only=True) as archive:
        after = archive.log(archive.run(run).id)
        assert after[: len(before)] == before
        assert archive.totals(archive.run(run).id).evaluations == evaluations + 2


def test_its_replies_are_replayed_to_the_same_candidates(upgraded: str) -> None:
    with Archive.open(upgraded) as archive:
        config = {**archive.run("again").config, "name": "once-more"}
        Path("again.yaml").write_text(json.dumps(config))
    done = evoheur("run", "again.yaml", "--archive", upgraded, "--quiet")
    assert (done.code, done.err) == (0, ""), done
    with Archive.open(upgraded, read_only=True) as archive:
        first, second = archive.candidates("mean-of-gaps"), archive.candidates("once-more")
        assert [(each.candidate.code, each.candidate.objective) for each in first] == [
            (each.candidate.code, each.candidate.objective) for each in second
        ]
