"""Nothing in a user's folder takes the place of what is ours, however evoheur is installed and started.

Research code has folders `problems/`, `sandbox/` and `configs/` as a rule, and a clone is made in a folder `evoheur/`.
"""

import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
PROBLEMS = sorted(path.parent.name for path in (ROOT / "problems").glob("*/problem.py"))
CONFIGS = sorted(path.stem for path in (ROOT / "configs").glob("*.yaml"))


class Installed(NamedTuple):
    """One installation.

    Attributes:
        python: Its interpreter.
        script: The program `evoheur`.
        package: Folder of the package.
    """

    python: Path
    script: Path
    package: Path

    def run(self, words: Sequence[object], folder: Path, path: str | None) -> "subprocess.CompletedProcess[str]":
        environ = {
            key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "PYTHONSAFEPATH", "EVOHEUR_ARCHIVE"}
        }
        if path is not None:
            environ["PYTHONPATH"] = path
        return subprocess.run(
            list(map(str, words)), cwd=folder, env=environ, capture_output=True, text=True, check=False, timeout=250
        )


@pytest.fixture(scope="module")
def editable() -> Installed:
    """The one that the tests run in."""
    return Installed(Path(sys.executable), Path(sys.executable).with_name("evoheur"), ROOT / "evoheur")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """A wheel of this checkout, in an environment that has the same dependencies and not the editable installation."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    unwanted = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "tests", "runs")
    shutil.copytree(ROOT, source, symlinks=True, ignore=unwanted)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    building = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(source)]
    subprocess.run(building, check=True, capture_output=True, text=True)
    [file] = folder.glob("evoheur-*.whl")
    venv.create(folder / "environment", symlinks=True)
    python = folder / "environment" / "bin" / "python"
    installing = [*pip, "--python", str(python), "install", "--no-deps", "--no-index", str(file)]
    subprocess.run(installing, check=True, capture_output=True, text=True)
    [packages] = (folder / "environment").glob("lib/python*/site-packages")
    # Files of this form are not looked for in a folder that one of them names, so the editable installation stays out.
    (packages / "dependencies.pth").write_text(f"{Path(np.__file__).parents[1]}\n")
    return Installed(python, python.with_name("evoheur"), packages / "evoheur")


@pytest.fixture
def crowded(tmp_path: Path) -> Path:
    """A working folder with everything that could get in the way; importing it would be noticed."""
    for name in ("problems", "sandbox", "configs"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(f"raise RuntimeError('{name} of the working folder was imported')\n")
    (tmp_path / "problems" / "bin_packing_online").mkdir()
    (tmp_path / "problems" / "bin_packing_online" / "problem.py").write_text("raise RuntimeError('the wrong problem')\n")
    (tmp_path / "configs" / "quickstart.yaml").write_text("nonsense: true\n")
    (tmp_path / "quickstart").write_text("nonsense: true\n")
    (tmp_path / "evoheur").mkdir()
    return tmp_path


STARTS = {
    "python -m": ("module", None),
    "python -m with PYTHONPATH=.": ("module", "."),
    "console script": ("script", None),
    "console script with PYTHONPATH=.": ("script", "."),
}


def check_listings(installed: Installed, folder: Path, start: str) -> None:
    """Problems are listed as they ship; so are configurations, files that Python looks for nowhere, so that one of the paths will do."""
    kind, path = STARTS[start]
    program: list[object] = [installed.script] if kind == "script" else [installed.python, "-m", "evoheur"]
    for words, names in (("problems list", PROBLEMS), *([] if path is None else [("configs", CONFIGS)])):
        done = installed.run([*program, *words.split(), "--json"], folder, path)
        assert (done.returncode, done.stderr) == (0, ""), done
        assert [entry["name"] for entry in json.loads(done.stdout)] == names


def check_imports(installed: Installed, folder: Path) -> None:
    """What is imported lies in the package that is installed, and has all that is not code."""
    program = (
        "import evoheur, evoheur.api.problem_folder, evoheur.archive.schema_state, evoheur.problems, evoheur.sandbox.guest\n"
        "print(evoheur.__file__, evoheur.problems.__file__, evoheur.sandbox.guest.__file__, sep='\\n')\n"
        "assert list(evoheur.archive.schema_state.SCRIPTS.rglob('r*.py')), 'no migrations'\n"
    )
    for path in (None, "."):
        done = installed.run([installed.python, "-c", program], folder, path)
        assert done.returncode == 0, done.stderr
        assert all(Path(line).is_relative_to(installed.package) for line in done.stdout.splitlines()), done.stdout


@pytest.mark.parametrize("start", STARTS)
def test_an_editable_installation_lists_its_own(editable: Installed, crowded: Path, start: str) -> None:
    check_listings(editable, crowded, start)


def test_an_editable_installation_imports_its_own(editable: Installed, crowded: Path) -> None:
    check_imports(editable, crowded)


@pytest.mark.nightly
@pytest.mark.xdist_group("wheel")
@pytest.mark.parametrize("start", STARTS)
def test_a_wheel_lists_its_own(wheel: Installed, crowded: Path, start: str) -> None:
    check_listings(wheel, crowded, start)


@pytest.mark.nightly
@pytest.mark.xdist_group("wheel")
def test_a_wheel_imports_its_own(wheel: Installed, crowded: Path) -> None:
    check_imports(wheel, crowded)


def data_files(package: Path) -> set[Path]:
    """Whatever is no code and no compiled code, in a package and what it links to."""
    found = {Path(folder) / name for folder, _, names in os.walk(package, followlinks=True) for name in names}
    return {
        file.relative_to(package)
        for file in found
        if file.suffix not in {".py", ".pyc"} and "__pycache__" not in file.relative_to(package).parts
    }


@pytest.mark.nightly
@pytest.mark.xdist_group("wheel")
def test_a_wheel_has_every_file_that_is_no_code(wheel: Installed) -> None:
    """Configurations, templates, migrations, the Dockerfile, and what problems bring along."""
    assert len(data_files(ROOT / "evoheur")) > 50
    assert data_files(ROOT / "evoheur") - data_files(wheel.package) == set()


@pytest.mark.nightly
@pytest.mark.xdist_group("wheel")
def test_a_wheel_has_all_that_a_first_hour_needs(wheel: Installed, crowded: Path) -> None:
    """A run of a shipped configuration with its guest, a configuration, a problem and prompts to begin with."""
    evoheur: list[object] = [wheel.python, "-m", "evoheur"]
    for words in (
        "run quickstart --quiet --set budget.evaluations=2",
        "init mine",
        "problems new knapsack",
        "prompts copy eoh my_prompts",
        "db check",
    ):
        done = wheel.run([*evoheur, *words.split()], crowded, ".")
        assert (done.returncode, done.stderr) == (0, ""), (words, done)
    done = wheel.run([*evoheur, "runs", "--json"], crowded, ".")
    assert [(run["name"], run["status"]) for run in json.loads(done.stdout)] == [("quickstart-1", "finished")]
    assert (crowded / "mine" / "evoheur.yaml").is_file()
    assert (crowded / "knapsack" / "problem.py").is_file()


@pytest.mark.parametrize("where", ["empty", "nowhere"])
def test_no_bundled_problem_is_a_loud_failure(tmp_path: Path, where: str) -> None:
    """An empty table with exit code 0 would look as if there were nothing to solve."""
    (tmp_path / "empty").mkdir()
    found = repr([str(tmp_path / "empty")] if where == "empty" else [])
    program = (
        f"import sys, evoheur.problems\nevoheur.problems.__path__ = {found}\n"
        "from evoheur.cli.main import run\nsys.exit(run(['problems', 'list', '--json']))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: None of the problems that ship with evoheur is in ")
    assert "install evoheur again" in done.stderr
    assert done.stderr.count("\n") == 1
