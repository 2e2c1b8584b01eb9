"""`problems check`: every check reported, faults of the problem's own code located, gaps and seconds where everything holds."""

from pathlib import Path

import pytest

from evoheur.testing.problem_checks import CHECKS
from tests.evoheur.cli.support.invoking import evoheur, refusal

FAULTY = str(Path(__file__).parents[2] / "testing" / "faulty")


def test_a_sound_problem_passes_with_its_gaps_and_seconds() -> None:
    """The rule is optimal; the starting heuristic takes the largest of 5, 1, 9 and of 5, 1, 10: gaps of 800 and 900 %, mean 850 %."""
    done = evoheur("problems", "check", FAULTY, "--split", "train", "--json")
    assert done.code == 0, done
    found = done.document
    assert found["ok"] is True
    assert [check["name"] for check in found["checks"]][: len(CHECKS)] == [check.name for check in CHECKS]
    assert list(found["comparison"]) == ["train"]
    [family] = found["comparison"]["train"]
    assert {each["name"]: each["gap"] for each in family["heuristics"]} == {
        "smallest": pytest.approx(0.0),
        "starting heuristic": pytest.approx(850.0),
    }
    assert found["seconds_per_instance"]["train"] >= 0


def test_it_prints_every_check_and_the_sandboxs_level() -> None:
    done = evoheur("problems", "check", FAULTY, "--split", "train")
    assert [line[8:] for line in done.out.splitlines() if line.startswith("ok ")][: len(CHECKS)] == [each.name for each in CHECKS]
    assert "850.00 %" in done.out
    assert "processor time; isolation level 'jail-L" in done.out
    assert f"{FAULTY}: all {len(CHECKS) + 3} checks passed." in done.out


def test_a_broken_problem_fails_and_is_not_scored() -> None:
    done = evoheur("problems", "check", FAULTY, "--setting", "fault=shared", "--json")
    assert done.code == 1
    found = done.document
    assert found["ok"] is False
    assert [check["name"] for check in found["checks"] if not check["ok"]] == ["no instance is in two splits"]
    assert found["comparison"] == {}
    shown = evoheur("problems", "check", FAULTY, "--setting", "fault=shared")
    assert shown.code == 1
    assert "FAILED  no instance is in two splits\n        'validation-0' of validation is 'train-0' of train again" in shown.out
    assert f"1 of {len(CHECKS)} checks failed." in shown.out


def test_a_fault_in_the_authors_code_is_located() -> None:
    """The misspelt attribute is in the one line that the replacement made."""
    source = (Path(FAULTY) / "problem.py").read_text()
    Path("mine").mkdir()
    Path("mine/problem.py").write_text(source.replace("instance.values[chosen[0]]", "instance.valeus[chosen[0]]"))
    line = next(number for number, text in enumerate(source.splitlines(), 1) if "instance.values[chosen[0]]" in text)
    done = evoheur("problems", "check", "./mine", "--json")
    assert done.code == 1
    details = {check["name"]: check["detail"] for check in done.document["checks"]}
    found = details["the starting heuristic solves training instances"]
    assert found.startswith("AttributeError: 'Numbers' object has no attribute 'valeus'")
    assert found.endswith(f"(problem.py, line {line}, in _cost)")


def test_a_cost_below_the_reference_is_found_on_every_split() -> None:
    """The bound of the one test instance is too high, which the contract's few training instances cannot show."""
    source = (Path(FAULTY) / "problem.py").read_text()
    Path("mine").mkdir()
    faulty = 'return 1000.0 if instance.name == "test-1" else'
    Path("mine/problem.py").write_text(source.replace('return 1000.0 if self.fault == "high reference" else', faulty))
    done = evoheur("problems", "check", "./mine", "--json")
    assert done.code == 1
    [failed] = [check for check in done.document["checks"] if not check["ok"]]
    assert failed["name"] == "no cost on any split is below its reference"
    assert failed["detail"].startswith("'test-1': starting heuristic costs 10.0")


def test_a_file_that_cannot_be_imported_is_the_authors_fault_not_evoheurs() -> None:
    Path("mine").mkdir()
    Path("mine/problem.py").write_text("import nunpy\n")
    message = refusal("problems", "check", "./mine")
    assert "mine/problem.py cannot be imported (ModuleNotFoundError: No module named 'nunpy')" in message


def test_an_unknown_split_is_refused() -> None:
    message = refusal("problems", "check", FAULTY, "--split", "trian")
    assert "'trian'" in message
    assert "did you mean 'train'?" in message
