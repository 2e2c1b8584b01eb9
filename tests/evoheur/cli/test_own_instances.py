"""A run on a user's own files: from the configuration to the export, and refused once the files are others."""

import contextlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from evoheur.archive.archive import Archive
from evoheur.cli.options import DEFAULT_ARCHIVE
from tests.evoheur.cli.conftest import tiny_settings
from tests.evoheur.cli.support.invoking import evoheur, refusal

READER = """
    def read_instances(self, path: Path) -> Sequence[Jobs]:
        entries = json.loads(path.read_text())
        return [self.decode({"family": path.stem, **entry}) for entry in entries]
"""


@pytest.fixture
def reading(scheduling: str) -> str:
    """The scheduling problem with a reader of instance files, in the working folder."""
    return write_problem(scheduling)


def write_problem(scheduling: str) -> str:
    source = (Path(scheduling) / "problem.py").read_text().replace('"""\n', '"""\n\nimport json\nfrom pathlib import Path\n', 1)
    Path("reading").mkdir()
    Path("reading/problem.py").write_text(source.rstrip() + "\n" + READER)
    return "./reading"


def jobs(file: str, **instances: list[int]) -> str:
    """Write jobs for two machines by name of instance; returns the file's name."""
    entries = [{"name": name, "machines": 2, "lengths": lengths} for name, lengths in instances.items()]
    Path(file).write_text(json.dumps(entries))
    return file


@pytest.fixture(scope="module")
def finished_folder(tmp_path_factory: pytest.TempPathFactory, scheduling: str) -> Path:
    """Where the run "mine" bred two candidates on files of its own."""
    folder = tmp_path_factory.mktemp("own")
    with contextlib.chdir(folder):
        files = {"train": jobs("mine.json", a=[3, 3, 2, 2]), "validation": jobs("theirs.json", b=[5, 4, 1])}
        problem = {"name": write_problem(scheduling), "instances": files}
        Path("mine.yaml").write_text(json.dumps(tiny_settings(scheduling, problem=problem, budget={"evaluations": 2})))
        done = evoheur("run", "mine.yaml", "--name", "mine", "--quiet")
    assert done.code == 0, done
    return folder


@pytest.fixture
def own_run(finished_folder: Path) -> str:
    """The run's name; its archive, problem and files are copied into the working folder."""
    with contextlib.chdir(finished_folder), Archive.open(DEFAULT_ARCHIVE) as archive:
        archive.runs()  # closing the last connection brings what is in the write-ahead log into the file
    shutil.copytree(finished_folder, ".", dirs_exist_ok=True)
    return "mine"


def test_a_run_breeds_and_validates_on_the_files(own_run: str) -> None:
    """List scheduling puts 3 2 and 3 2 on two machines, cost 5 of bound 5; and 5 and 4 1, cost 5 of bound 5: no gap on either."""
    evaluations = evoheur("show", f"{own_run}/0", "--json").document["evaluations"]
    assert [result["instance"] for result in evaluations["train"]["instances"]] == ["a"]
    assert [result["instance"] for result in evaluations["validation"]["instances"]] == ["b"]
    assert (evaluations["train"]["gap"], evaluations["validation"]["gap"]) == (0.0, 0.0)


def test_evaluate_and_export_know_the_runs_files(own_run: str) -> None:
    found = evoheur("evaluate", f"{own_run}/0", "--split", "validation", "--json").document
    assert [result["instance"] for result in found["instances"]] == ["b"]
    assert found["stored"] is True
    source = evoheur("export", f"{own_run}/0").out
    assert "train instances: mine.json (SHA-256 " in source
    assert "validation gap: 0.00 %" in source


def test_a_candidate_solves_with_its_runs_problem(own_run: str) -> None:
    """List scheduling: 5 on one machine, 4 and 1 on the other."""
    done = evoheur("solve", f"{own_run}/0", "theirs.json", "-o", "plan.json", "--json")
    assert done.code == 0, done
    assert (done.document["problem"], done.document["target"]) == ("./reading", f"{own_run}/0")
    assert json.loads(Path("plan.json").read_text()) == {"instance": "b", "cost": 5.0, "solution": [0, 1, 1]}


def test_a_split_without_a_file_is_the_problems_own(own_run: str) -> None:
    found = evoheur("evaluate", f"{own_run}/0", "--split", "test", "--json").document
    assert [result["instance"] for result in found["instances"]] == [f"test-{i}" for i in range(4)]


def test_resuming_refuses_other_instances_and_takes_the_same_in_another_layout(own_run: str) -> None:
    jobs("mine.json", a=[3, 3, 2, 1])
    extend = ["resume", own_run, "--set", "budget.evaluations=3", "--quiet"]
    message = refusal(*extend)
    assert "The instances of train in 'mine.json'" in message
    assert "start a new run" in message
    entries = json.loads(Path(jobs("mine.json", a=[3, 3, 2, 2])).read_text())
    Path("mine.json").write_text(json.dumps(entries, indent=4))
    assert evoheur(*extend).code == 0


def test_a_finished_run_whose_files_are_gone_says_so(own_run: str) -> None:
    """Its summary scores the textbook rules again, on the files. What the author's reader raises is no bug of evoheur's."""
    Path("theirs.json").unlink()
    message = refusal("resume", own_run)
    assert "There is no instance file 'theirs.json'" in message


def test_the_files_of_a_run_are_fixed(own_run: str) -> None:
    assert "'problem.instances.train' is fixed" in refusal("resume", own_run, "--set", "problem.instances.train=theirs.json")


def test_an_instance_in_two_splits_is_refused_before_anything_is_written(reading: str, write_config: Callable[..., str]) -> None:
    instances = {"train": jobs("mine.json", a=[3, 3, 2, 2]), "validation": jobs("same.json", b=[3, 3, 2, 2])}
    message = refusal("run", write_config(problem={"name": reading, "instances": instances}))
    assert "Instance 'b' of validation is instance 'a' of train again" in message
    assert not Path("runs").exists()
