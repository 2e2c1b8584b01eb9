"""An archive that an earlier version wrote: it opens, upgrades, is listed, and its runs go on as if this version had begun them.

`tests/data/archives/146ac9d.db.gz` was written at that commit by three runs: "quickstart-1" (EoH, 24 evaluations of its configuration),
"tree" (MCTS-AHD with repair and tuning) and "replayed" (the recorded replies of the first).
"""

import gzip
import json
from pathlib import Path

import pytest

from tests.end_to_end.support.runs import evoheur, query

ARCHIVE = Path(__file__).parents[1] / "data" / "archives" / "146ac9d.db.gz"
FORMER_QUICKSTART = Path(__file__).parents[2] / "configs" / "mutator_bin_packing_online.yaml"
RUNS = {"quickstart-1": (24, 34), "tree": (20, 26), "replayed": (12, 20)}
"""Name → evaluations that it had, and that it is extended to."""
_LOG = (
    "SELECT request.number, request.operator, request.asked_seq, request.told_seq, request.outcome, candidate.code, request.note "
    "FROM request JOIN run ON run.id = request.run_id LEFT JOIN candidate ON candidate.request_id = request.id "
    "WHERE run.name = '{name}' ORDER BY request.number"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "evoheur.db").write_bytes(gzip.decompress(ARCHIVE.read_bytes()))
    done = evoheur("db", "upgrade", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    return tmp_path


def test_runs_are_listed_as_they_were(folder: Path) -> None:
    listed = json.loads(evoheur("runs", "--json", cwd=folder).stdout)
    assert {run["name"]: (run["status"], run["evaluations"]) for run in listed} == {
        name: ("finished", had) for name, (had, _) in RUNS.items()
    }
    best = json.loads(evoheur("best", "tree", "--json", cwd=folder).stdout)
    assert best[0]["gaps"]["validation"] == pytest.approx(4.2603784801)


@pytest.mark.slow
@pytest.mark.parametrize("name", [pytest.param(name, marks=() if name == "tree" else pytest.mark.nightly) for name in RUNS])
def test_a_run_is_resumed_and_extended(folder: Path, name: str) -> None:
    """Replay asks what was asked then, or the run would end as diverged; and what it did not ask yet comes on top."""
    database, (had, wanted) = folder / "runs" / "evoheur.db", RUNS[name]
    before = query(database, _LOG.format(name=name))
    done = evoheur("resume", name, "--set", f"budget.evaluations={wanted}", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    after = query(database, _LOG.format(name=name))
    assert [row for row in after if row[0] <= before[-1][0]] == before
    assert sum(row[4] == "candidate" for row in after) >= wanted > had


@pytest.mark.slow
def test_the_extended_run_is_the_one_that_this_version_makes(folder: Path, tmp_path: Path) -> None:
    """The same seed gives the same run: candidates and their order are equal to those of a run that is begun and ended now."""
    _, wanted = RUNS["quickstart-1"]
    old, new = folder / "runs" / "evoheur.db", tmp_path / "new" / "runs" / "evoheur.db"
    new.parent.parent.mkdir()
    assert evoheur("resume", "quickstart-1", "--set", f"budget.evaluations={wanted}", cwd=folder).returncode == 0
    done = evoheur(
        "run", str(FORMER_QUICKSTART), "--name", "quickstart-1", "--set", f"budget.evaluations={wanted}", cwd=new.parent.parent
    )
    assert done.returncode == 0, done.stdout + done.stderr
    log = _LOG.format(name="quickstart-1")
    assert [row[:2] + row[4:] for row in query(old, log)] == [row[:2] + row[4:] for row in query(new, log)]
