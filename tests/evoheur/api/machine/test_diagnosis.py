"""What `evoheur doctor` finds out, on a real guest."""

import re
from pathlib import Path

import pytest

from evoheur.api.machine.diagnosis import diagnose
from evoheur.api.machine.machine_finding import MachineFinding

TINY = '''
"""A problem that is solved at once."""

from dataclasses import dataclass

from evoheur.problem import Instance, Problem


def double(number: int) -> int:
    """Double a number."""
    return 2 * number


@dataclass(frozen=True, kw_only=True)
class Number(Instance):
    """A number."""

    number: int


class Doubling(Problem[Number]):
    """Double a number."""

    heuristic = staticmethod(double)

    def instances(self, split):
        return [Number(name="two", family="numbers", number=2)]

    def decode(self, data):
        return Number(**data)

    def solve(self, heuristic, instance, rng):
        return heuristic(instance.number)

    def cost(self, instance, solution):
        return float(solution)
'''


def tiny_problem(folder: Path, source: str = TINY) -> str:
    """A folder with that problem."""
    folder.mkdir()
    (folder / "problem.py").write_text(source)
    return str(folder)


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, MachineFinding]:
    """On this machine, which runs these tests and so has all that is needed."""
    folder = tmp_path_factory.mktemp("doctor")
    problem = tiny_problem(folder / "doubling")
    environ = {"OPENAI_API_KEY": "sk-1", "OTHER_API_KEY": "  ", "PATH": "/bin", "DOCKER_HOST": f"unix://{folder}/docker.sock"}
    found = list(diagnose(environ, folder, problem=problem))
    assert [path.name for path in folder.iterdir()] == ["doubling"], "looking leaves nothing behind"
    return {finding.name: finding for finding in found}


def test_all_that_is_needed_works_here(findings: dict[str, MachineFinding]) -> None:
    needed = {name for name, finding in findings.items() if finding.needed}
    assert needed == {"python", "process", "numba", "numpy", "sqlalchemy", "openai", "sqlite"}
    assert [finding for finding in findings.values() if finding.needed and not finding.ok] == []


@pytest.mark.parametrize(
    ("name", "level", "promise"),
    [
        (
            "jail-L1",
            "jail-L1",
            "no files, no network, no other process, few system calls; behind namespaces and a file system of its own",
        ),
        ("jail-L0", "jail-L0", "no files, no network, no other process, few system calls"),
        ("process", "process", "contains crashes and loops, not files or network"),
    ],
)
def test_a_candidate_has_run_in_a_guest_of_every_level(
    findings: dict[str, MachineFinding], name: str, level: str, promise: str
) -> None:
    found = findings[name]
    words = rf"works as {level}: a guest was ready in \d+\.\d s, a candidate takes \d+ ms; {promise}"
    assert re.fullmatch(words, found.detail), found.detail
    assert found.value["start_seconds"] > found.value["seconds"] > 0


def test_cores_and_memory_are_plain_numbers_for_programs(findings: dict[str, MachineFinding]) -> None:
    assert 0 < findings["cores"].value["usable"] <= findings["cores"].value["total"]
    assert findings["memory"].value["total_bytes"] >= findings["memory"].value["available_bytes"] > 0


def test_what_the_jail_is_made_of_is_told(findings: dict[str, MachineFinding]) -> None:
    for name in ("user namespaces", "landlock", "seccomp filters"):
        assert findings[name].area == "isolation"
        assert findings[name].detail.endswith("(for level jail)")


def test_a_level_that_does_not_work_says_why_and_what_to_do(findings: dict[str, MachineFinding]) -> None:
    """No daemon listens at the address that the environment names; whoever wants the level learns that, nobody else is bothered."""
    docker = findings["docker"]
    assert (docker.ok, docker.needed, docker.area) == (False, False, "isolation")
    assert "docker.sock" in docker.detail
    assert findings["docker daemon"].detail.endswith("(for evaluation.sandbox.kind=docker)")


def test_optional_packages_say_what_for(findings: dict[str, MachineFinding]) -> None:
    for name, use in (("ray", "evaluation.executor.kind=ray"), ("docker SDK", "evaluation.sandbox.kind=docker")):
        assert use in findings[name].detail
        assert findings[name].ok or f"pip install 'evoheur[{name.split()[0]}]'" in findings[name].detail


def test_keys_are_named_and_never_shown(findings: dict[str, MachineFinding]) -> None:
    """A variable of blanks counts as not set, as the generator takes it."""
    keys = {name: finding.ok for name, finding in findings.items() if finding.area == "keys"}
    assert keys == {"OPENAI_API_KEY": True, "OTHER_API_KEY": False}
    assert "sk-1" not in repr(findings)


@pytest.mark.parametrize(
    ("source", "detail"),
    [
        (
            TINY.replace("return 2 * number", "raise ValueError('no')"),
            "the own heuristic of .+ ends with error: two: .*ValueError: no",
        ),
        ("x = 1\n", "ConfigError: .+ must define exactly one complete subclass of Problem"),
        ("import no_such_module_at_all\n", "ModuleNotFoundError: No module named 'no_such_module_at_all'"),
        (
            TINY.replace(
                "def instances(self, split):",
                "def warm_up(self):\n        raise OSError('full')\n\n    def instances(self, split):",
            ),
            "full",
        ),
    ],
)
def test_a_guest_that_cannot_work_is_a_finding_with_a_remedy(tmp_path: Path, source: str, detail: str) -> None:
    problem = tiny_problem(tmp_path / "broken", source)
    found = {finding.name: finding for finding in diagnose({}, tmp_path, problem=problem)}
    process = found["process"]
    assert (process.ok, process.needed) == (False, True)
    assert re.search(detail, process.detail, re.DOTALL)
    assert process.remedy


def test_a_folder_without_room_for_a_database_is_a_finding_with_a_remedy(tmp_path: Path) -> None:
    folder = tmp_path / "missing"
    found = {finding.name: finding for finding in diagnose({}, folder, problem=tiny_problem(tmp_path / "doubling"))}
    sqlite = found["sqlite"]
    assert not sqlite.ok
    assert f"cannot write in {str(folder)!r}" in sqlite.detail
    assert "--archive" in sqlite.remedy
