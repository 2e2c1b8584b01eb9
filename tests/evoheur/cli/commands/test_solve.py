"""`solve`: a found rule on instances of one's own, and the files it writes."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import vrplib

from evoheur.problems.packing.packing_file import read_packing
from evoheur.problems.tsp.tsplib import read_tour
from tests.evoheur.cli.conftest import History
from tests.evoheur.cli.support.invoking import Result, evoheur, files, refusal
from tests.evoheur.cli.support.scripted import KIND

FULLEST = "def priority(item, bins):\n    return -1.0 * bins\n"
KNOWING = """
import sys

def priority(item, bins):
    frame = sys._getframe(1)
    while "instance" not in frame.f_locals:
        frame = frame.f_back
    return bins * (1.0 if frame.f_locals["instance"].items.sum() % 2 else -1.0)
"""
READER = """
    def read_instances(self, path):
        import json
        return [self.decode({"family": path.stem, **entry}) for entry in json.loads(path.read_text())]
"""
WRITER = """
    solution_suffix = ".plan"

    def write_solution(self, instance, solution):
        return f"{instance.name} {len(solution)}"
"""
VRP = """NAME : four
TYPE : CVRP
DIMENSION : 5
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 2
NODE_COORD_SECTION
1 0 0
2 3 0
3 4 0
4 -3 0
5 -4 0
DEMAND_SECTION
1 0
2 1
3 1
4 1
5 1
DEPOT_SECTION
1
-1
EOF
"""
TSP = """NAME : square
TYPE : TSP
DIMENSION : 5
EDGE_WEIGHT_TYPE : EUC_2D
NODE_COORD_SECTION
1 0 0
2 4 4
3 4 0
4 0 4
5 2 0
EOF
"""


@pytest.fixture
def rule() -> str:
    """Best fit, as a file."""
    Path("rule.py").write_text(FULLEST)
    return "rule.py"


def own_rule(problem: str) -> str:
    """A problem's own heuristic as a file."""
    file = Path(f"{problem}.py")
    file.write_text(evoheur("problems", "show", problem, "--split", "train", "--json").document["code"])
    return str(file)


def reading(scheduling: str) -> str:
    """The scheduling problem in a folder of its own, with a reader."""
    shutil.copytree(scheduling, "reading", ignore=shutil.ignore_patterns("__pycache__"))
    file = Path("reading/problem.py")
    file.write_text(file.read_text().rstrip() + "\n" + READER)
    return "./reading"


def jobs(*names: str) -> str:
    """Instances of it, two jobs for two machines each."""
    Path("jobs.json").write_text(json.dumps([{"name": name, "machines": 2, "lengths": [3, 3]} for name in names]))
    return "jobs.json"


def rows(done: Result) -> list[list[str]]:
    """The table's cells but the seconds."""
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in done.out.splitlines() if line.startswith("|")]
    assert lines[0] == ["instance", "heuristic", "cost", "reference", "gap", "seconds"]
    return [line[:5] for line in lines[1:]]


def test_a_packing_is_written_a_line_per_bin(rule: str) -> None:
    """6, 5 and 4 in bins of 10: the 4 goes beside the 6; two bins are the bound."""
    Path("mine.csv").write_text("size,capacity\n6,10\n5,10\n4,10\n")
    done = evoheur("solve", rule, "mine.csv", "-o", "mine.sol")
    assert done.code == 0, done
    assert Path("mine.sol").read_text() == "Bin #1: 1 3\nBin #2: 2\nBins 2\n"
    assert rows(done) == [["mine", "rule.py", "2", "2", "0.00 %"]]
    assert "Wrote mine.sol." in done.out
    assert evoheur("solve", rule, "mine.csv", "-o", "mine.json").code == 0
    assert json.loads(Path("mine.json").read_text()) == {"instance": "mine", "cost": 2.0, "solution": [0, 1, 0]}


def test_textbook_rules_stand_beside_it_when_asked(rule: str) -> None:
    """6, 5 and 4: every textbook rule makes two bins; the instance is named once."""
    Path("mine.txt").write_text("3 10 6 5 4")
    found = rows(evoheur("solve", rule, "mine.txt", "--textbook"))
    assert found[0] == ["mine", "rule.py", "2", "2", "0.00 %"]
    online = {"first_fit", "best_fit", "worst_fit", "harmonic", "sum_of_squares"}
    assert {row[1] for row in found[1:]} == {*online, "weighted_sum_of_squares", "sum_of_squares_with_finish"}
    assert {(row[0], row[2]) for row in found[1:]} == {("", "2")}
    [entry] = evoheur("solve", rule, "mine.txt", "--textbook", "--json").document["instances"]
    assert (entry["cost"], entry["solution"], entry["file"], entry["status"]) == (2.0, [0, 1, 0], None, "ok")
    assert entry["textbook"]["best_fit"]["cost"] == 2.0


def test_routes_are_written_as_cvrplib_has_them() -> None:
    """Two vehicles, one to each side: 8 + 8. The reference is the solution file beside the instance."""
    Path("four.vrp").write_text(VRP)
    Path("four.sol").write_text("Route #1: 1 2\nRoute #2: 3 4\nCost 16\n")
    done = evoheur("solve", own_rule("cvrp_savings"), "four.vrp", "--problem", "cvrp_savings", "-o", "mine.sol")
    assert done.code == 0, done
    assert rows(done) == [["four", "cvrp_savings.py", "16", "16", "0.00 %"]]
    written = vrplib.read_solution("mine.sol")
    assert written["cost"] == 16
    assert sorted(sorted(route) for route in written["routes"]) == [[1, 2], [3, 4]]


def test_a_tour_is_written_as_tsplib_has_it() -> None:
    """Put beside the instance, it is the reference of the next one."""
    Path("square.tsp").write_text(TSP)
    name = "tsp_constructive"
    done = evoheur("solve", own_rule(name), "square.tsp", "--problem", name, "-o", "square.opt.tour", "--json")
    assert done.code == 0, done
    [entry] = done.document["instances"]
    assert read_tour(Path("square.opt.tour")) == entry["solution"]
    assert sorted(entry["solution"]) == [0, 1, 2, 3, 4]
    [again] = evoheur("solve", f"{name}.py", "square.tsp", "--problem", name, "--json").document["instances"]
    assert (again["reference"], again["gap"]) == (entry["cost"], 0.0)


def test_a_folder_of_instances_makes_a_folder_of_solutions(rule: str) -> None:
    """A file each, named after the instance; what cannot be in a file's name is left out of it, and none is written twice."""
    Path("orders").mkdir()
    Path("orders/a.txt").write_text("3 10 6 5 4")
    names = ["../up", ".._up", "b c"]
    Path("orders/b.json").write_text(json.dumps([{"name": name, "capacity": 10, "items": [6, 5]} for name in names]))
    assert evoheur("solve", rule, "orders", "-o", "out/deep").code == 0
    written = files(Path("out/deep"))
    assert sorted(written) == ["_up-1.sol", "_up.sol", "a.sol", "b_c.sol"]
    assert read_packing(written["a.sol"].decode()) == [0, 1, 0]


def test_a_bad_file_is_named_and_the_others_are_solved(rule: str) -> None:
    """Exit code 1; what could not be read is told on standard error and in the document."""
    Path("orders").mkdir()
    Path("orders/a.txt").write_text("3 10 6 5 4")
    Path("orders/bad.txt").write_text("3 10 6 5 40")
    done = evoheur("solve", rule, "orders", "-o", "out")
    assert done.code == 1
    assert list(files(Path("out"))) == ["a.sol"]
    assert "not read: orders/bad.txt: item 2 (line 1) is 40, larger than the capacity 10" in done.err
    assert "without 1 file that could not be read" in done.err
    assert "error:" not in done.err
    told = evoheur("solve", rule, "orders", "--json")
    assert told.code == 1
    assert list(told.document["unread"]) == ["orders/bad.txt"]


def test_a_rule_that_fails_on_one_instance_solves_the_others() -> None:
    """Its status and reason are printed; nothing is written for it; exit code 1."""
    Path("rule.py").write_text("def priority(item, bins):\n    return -1.0 * bins * (1 + 0 // (7 - item))\n")
    Path("two.json").write_text(json.dumps([{"name": "bad", "C": 10, "w": [7]}, {"name": "good", "C": 10, "w": [6, 5]}]))
    done = evoheur("solve", "rule.py", "two.json", "-o", "out")
    assert done.code == 1, done
    assert list(files(Path("out"))) == ["good.sol"]
    assert [row[2] for row in rows(done)] == ["error", "2"]
    assert "bad: error: " in done.out
    assert "ZeroDivisionError" in done.out


def test_a_rule_that_knows_the_future_gets_no_solution(rule: str) -> None:
    """The sum of the stream decides whether it packs by best or by worst fit; what it would write is no online packing."""
    Path(rule).write_text(KNOWING)
    Path("mine.txt").write_text("capacity 100\n" + "\n".join(str(20 + 7 * place % 41) for place in range(120)))
    done = evoheur("solve", rule, "mine.txt", "-o", "mine.sol")
    assert done.code == 1, done
    assert [row[2] for row in rows(done)] == ["cheating"]
    assert "mine: cheating: " in done.out
    assert not Path("mine.sol").exists()


def test_a_failing_rule_has_no_solution_in_the_document(scheduling: str) -> None:
    """Nor a cost, on a problem of one's own."""
    Path("rule.py").write_text("def choose(length, loads):\n    return [0.0, 0.0, 1.0]\n")  # there is no third machine
    done = evoheur("solve", "rule.py", jobs("a"), "--problem", reading(scheduling), "--json")
    [entry] = done.document["instances"]
    assert (done.code, entry["cost"], entry["solution"], entry["status"]) == (1, None, None, "error")
    assert entry["detail"]


def test_the_best_of_a_run_is_the_best_on_train(history: History) -> None:
    """As everywhere; a problem of one's own writes JSON. Two jobs of 3 on two machines cost 3."""
    words = [
        "solve",
        "tiny/best",
        jobs("a"),
        "--problem",
        reading(history.problem),
        "--archive",
        history.url,
        "-o",
        "a.json",
        "--json",
    ]
    done = evoheur(*words)
    assert done.code == 0, done
    assert done.document["target"] == "tiny/1"
    [entry] = done.document["instances"]
    assert json.loads(Path("a.json").read_text()) == {"instance": "a", "cost": 3.0, "solution": entry["solution"]}


def test_a_textbook_rule_solves_too() -> None:
    """Without a sandbox."""
    Path("mine.txt").write_text("3 10 6 5 4")
    done = evoheur("solve", "textbook:harmonic", "mine.txt", "--problem", "bin_packing_online", "-o", "mine.sol", "--json")
    [entry] = done.document["instances"]
    assert (done.code, entry["level"], entry["cost"]) == (0, "trusted", 2.0)
    assert read_packing(Path("mine.sol").read_text()) == entry["solution"]


def test_an_exported_rule_solves_as_the_candidate_does(rule: str) -> None:
    """The docstring above it changes nothing."""
    Path("mine.txt").write_text("3 10 6 5 4")
    Path("exported.py").write_text(f'"""A heuristic for bin_packing_online, discovered by evoheur."""\n\n{FULLEST}')
    one, other = (
        evoheur("solve", file, "mine.txt", "--json").document["instances"][0]["solution"] for file in (rule, "exported.py")
    )
    assert one == other == [0, 1, 0]


def test_what_cannot_be_done_is_refused_before_anything_is_solved(rule: str) -> None:
    """One line each: another problem's instance, an existing file, a file where a folder must be, the instance itself."""
    Path("mine.txt").write_text("3 10 6 5 4")
    Path("four.vrp").write_text(VRP)
    Path("there.sol").write_text("")
    Path("orders").mkdir()
    for name in ("a", "b"):
        Path(f"orders/{name}.txt").write_text("3 10 6 5 4")
    assert "four.vrp ends in '.vrp'; give a .json, .txt, .bpp or .csv file" in refusal("solve", rule, "four.vrp")
    assert "'there.sol' exists already" in refusal("solve", rule, "mine.txt", "-o", "there.sol")
    assert evoheur("solve", rule, "mine.txt", "-o", "there.sol", "--force").code == 0
    assert "-o mine.txt is the instance itself" in refusal("solve", rule, "mine.txt", "-o", "mine.txt", "--force")
    assert "There is no folder 'none'" in refusal("solve", rule, "mine.txt", "-o", "none/mine.sol")
    for taken in ("there.sol", "new.sol", "new.json"):
        assert f"-o {taken} is one file, and orders holds 2 instances" in refusal("solve", rule, "orders", "-o", taken, "--force")
    assert "cannot be made" in refusal("solve", rule, "orders", "-o", "mine.txt/out")
    assert "There is no instance file 'none.txt'" in refusal("solve", rule, "none.txt")


def test_several_solutions_do_not_replace_what_is_there(rule: str) -> None:
    """Unless that is asked for."""
    Path("two.json").write_text(json.dumps({"a": {"C": 10, "w": [6]}, "b": {"C": 10, "w": [5]}}))
    assert evoheur("solve", rule, "two.json", "-o", "out").code == 0
    assert "out/a.sol' exists already" in refusal("solve", rule, "two.json", "-o", "out")
    assert evoheur("solve", rule, "two.json", "-o", "out", "--force").code == 0


def test_a_writer_of_ones_own_is_used_and_its_fault_is_told(scheduling: str) -> None:
    """`write_solution` and `solution_suffix` are all that a problem needs."""
    file = Path(reading(scheduling)) / "problem.py"
    file.write_text(file.read_text() + WRITER)
    Path("rule.py").write_text("def choose(length, loads):\n    return -loads * 1.0\n")
    assert evoheur("solve", "rule.py", jobs("a", "b"), "--problem", "./reading", "-o", "out").code == 0
    assert files(Path("out")) == {"a.plan": b"a 2", "b.plan": b"b 2"}
    Path("faulty").mkdir()
    Path("faulty/problem.py").write_text(file.read_text().replace("{len(solution)}", "{solution['x']}"))
    message = refusal("solve", "rule.py", jobs("a"), "--problem", "./faulty", "-o", "other.plan")
    assert "ListScheduling.write_solution fails for 'a' (TypeError: " in message


@pytest.mark.slow
def test_a_large_instance_may_have_more_time_than_a_run_gives(scheduling: str, write_config: Callable[..., str]) -> None:
    """Or less: a loop without an end is stopped sooner than after the run's 20 s for each, and the others are solved."""
    limits = {"memory_mib": 256, "load_seconds": 1, "cpu_seconds": 20}
    changes = {"generator": {"kind": KIND, "script": ["waits"]}, "budget": {"evaluations": 1}, "validation": {"top": 0}}
    evaluation = {"executor": {"kind": "local", "slots": 1}, "limits": limits}
    assert (
        evoheur("run", write_config(problem=reading(scheduling), evaluation=evaluation, **changes), "--name", "r", "-q").code == 0
    )
    sizes = {"bad": [3, 7777], "good": [3, 3]}
    Path("two.json").write_text(json.dumps([{"name": name, "machines": 2, "lengths": sizes[name]} for name in sizes]))
    done = evoheur("solve", "r/1", "two.json", "--seconds", "0.5", "--json")
    assert done.code == 1
    bad, good = done.document["instances"]
    assert (bad["status"], good["status"]) == ("timeout", "ok")
    [allowed] = re.findall(r"more than ([\d.]+) s of processor time", bad["detail"])
    assert float(allowed) < 5
    assert "--seconds" in refusal("solve", "r/1", "two.json", "--seconds", "0")
