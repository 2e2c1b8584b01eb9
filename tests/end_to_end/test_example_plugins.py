"""An installed package with a part of every kind: listed, checked, run, stopped and resumed, by the commands that people use."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from evoheur import open_archive
from evoheur.archive.records import Asked
from tests.end_to_end.support.runs import environment, query
from tests.support.example_site import EXAMPLE, add_declarations, evoheur_with, install_example

CONTRACTS = """
from evoheur.testing.generator_contract import GeneratorContract
from evoheur.testing.problem_contract import ProblemContract
from evoheur.testing.strategy_contract import StrategyContract
from mylab.bandit import BanditConfig
from mylab.greedy import GreedyConfig

class TestGreedy(StrategyContract):
    def config(self):
        return GreedyConfig()

class TestBandit(GeneratorContract):
    def make_generator(self, context):
        return BanditConfig().build(context)

class TestKnapsack(ProblemContract):
    name = "mylab.knapsack:Knapsack"
"""
CANDIDATES = "SELECT number, operator, code FROM candidate ORDER BY number"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the package is installed."""
    return install_example(tmp_path_factory.mktemp("site"))


def document(site: Path, *words: str, cwd: Path) -> Any:
    """What a command prints as JSON, once it has ended well."""
    done = evoheur_with(site, *words, "--json", cwd=cwd)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def run(site: Path, folder: Path, *words: str) -> Path:
    """Run the example's configuration in a folder; the database."""
    folder.mkdir(exist_ok=True)
    shutil.copy(EXAMPLE / "run.yaml", folder)
    done = evoheur_with(site, "run", "run.yaml", "--quiet", *words, cwd=folder)
    assert done.returncode == 0, done.stderr + done.stdout
    return folder / "runs" / "evoheur.db"


@pytest.fixture(scope="module")
def whole(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the example's run, which nothing stopped."""
    return run(site, tmp_path_factory.mktemp("whole"))


def test_every_part_is_listed_with_its_package(site: Path, tmp_path: Path) -> None:
    listed = document(site, "plugins", cwd=tmp_path)
    assert {(plugin["what"], plugin["name"]) for plugin in listed} == {
        ("strategy", "greedy"),
        ("generator", "bandit"),
        ("problem", "knapsack"),
        ("executor", "half"),
        ("sandbox", "strict"),
        ("observer", "bell"),
    }
    assert all(plugin["package"] == "mylab 1.0" and plugin["summary"] and not plugin["fault"] for plugin in listed)


def test_editors_are_offered_their_names(site: Path, tmp_path: Path) -> None:
    """Beside those that ship with evoheur; any other name is taken too, since it may be a folder's."""
    schema = json.loads(evoheur_with(site, "schema", cwd=tmp_path).stdout)
    names = schema["properties"]["problem"]["anyOf"][0]["anyOf"]
    offered = {each["const"]: each["description"] for each in names if "const" in each}
    assert offered["knapsack"] == "a plug-in of mylab 1.0"
    assert "bin_packing_online" in offered
    assert [each["type"] for each in names if "const" not in each] == ["string"]
    kinds = schema["definitions"]["StrategyConfig"]["properties"]["kind"]["anyOf"]
    assert {"const": "greedy", "description": "a plug-in of mylab 1.0"} in kinds


def test_a_run_uses_all_of_them(whole: Path) -> None:
    """Strategy, prompts, generator, problem, executor, isolation level and observer, each known by what it leaves."""
    operators = [operator for _, operator, _ in query(whole, CANDIDATES)]
    assert operators[:4] == ["baseline", "start", "start", "start"]
    assert set(operators[4:]) == {"improve"}
    with open_archive(whole) as archive:
        log = archive.log(archive.runs()[0].id)
    prompts = ["\n".join(message.content for message in entry.messages) for entry in log if isinstance(entry, Asked)]
    assert "Invent a simple heuristic" in prompts[0]
    assert any("Change the known heuristic boldly" in text or "heuristic carefully" in text for text in prompts[3:])
    assert "def score(values" in prompts[0]
    models = {model for (model,) in query(whole, "SELECT model FROM completion")}
    assert models == {"size-15", "size-60"}
    levels = {level for (level,) in query(whole, "SELECT level FROM evaluation")}
    assert levels <= {"jail-L0", "jail-L1"}
    rung = (whole.parents[1] / "bell.txt").read_text().splitlines()
    assert rung
    assert rung[-1].endswith(f"by candidate {_best(whole)}")


def test_a_stopped_run_resumes_to_the_very_same_end(site: Path, whole: Path, tmp_path: Path) -> None:
    """The bandit's choices depend on what it learnt, which a fresh process learns again from the log; so do prompts and problem."""
    stopped = run(site, tmp_path / "stopped", "--set", "budget.evaluations=7")
    assert len(query(stopped, CANDIDATES)) < len(query(whole, CANDIDATES))
    done = evoheur_with(site, "resume", "run-1", "--quiet", "--set", "budget.evaluations=12", cwd=tmp_path / "stopped")
    assert done.returncode == 0, done.stderr
    assert query(stopped, CANDIDATES) == query(whole, CANDIDATES)
    models = "SELECT request.number, model FROM completion JOIN request ON request.id = request_id ORDER BY request.number"
    assert query(stopped, models) == query(whole, models)


@pytest.mark.nightly
def test_a_changed_template_of_the_strategy_keeps_a_run_from_going_on(tmp_path: Path) -> None:
    """It is part of the prompts hash, with what it includes."""
    site = install_example(tmp_path / "site")
    run(site, tmp_path / "work", "--set", "budget.evaluations=4")
    (site / "mylab/prompts/greedy/_mood.jinja").write_text("Change it.")
    done = evoheur_with(site, "resume", "run-1", "--set", "budget.evaluations=5", cwd=tmp_path / "work")
    assert done.returncode == 1
    assert "What the prompts of run 'run-1' are made of changed" in done.stderr


@pytest.mark.nightly
def test_a_changed_file_of_the_problem_keeps_a_run_from_going_on(tmp_path: Path) -> None:
    """Every file of the problem's package counts, and no other of the same distribution."""
    site = install_example(tmp_path / "site")
    run(site, tmp_path / "work", "--set", "budget.evaluations=4")
    (site / "mylab" / "bell.py").write_text((site / "mylab" / "bell.py").read_text() + "\nUNUSED = 1\n")
    done = evoheur_with(site, "resume", "run-1", "--quiet", "--set", "budget.evaluations=5", cwd=tmp_path / "work")
    assert done.returncode == 0, done.stderr
    generate = site / "mylab" / "knapsack" / "generate.py"
    generate.write_text(generate.read_text().replace("weights.sum() // 3", "weights.sum() // 4"))
    done = evoheur_with(site, "resume", "run-1", "--set", "budget.evaluations=6", cwd=tmp_path / "work")
    assert done.returncode == 1
    assert "You changed generate.py of 'knapsack' since run 'run-1' was started" in done.stderr


@pytest.mark.nightly
def test_prompts_are_shown_and_copied(site: Path, tmp_path: Path) -> None:
    """As those of a strategy that ships; a copied template takes the place of the package's."""
    shown = document(site, "prompts", "show", "greedy", cwd=tmp_path)
    assert shown["folder"] == "mylab.greedy"
    beside = {"edit_prompt", "rewrite_prompt", "reflect_prompt", "criticise_prompt", "mend_prompt"}  # of `prompts.evolve`
    assert set(shown["operators"]) == {"start", "improve", "repair", *beside}
    assert "context.mood" in shown["operators"]["improve"]["uses"]
    done = evoheur_with(site, "prompts", "copy", "mylab.greedy:GreedyConfig", "mine", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (tmp_path / "mine" / "mylab.greedy" / "start.jinja").write_text("Pack {{ card.title }} well.")
    shutil.copy(EXAMPLE / "run.yaml", tmp_path)
    dry = evoheur_with(site, "run", "run.yaml", "--dry-run", "--set", "prompts=mine", cwd=tmp_path)
    assert "Pack Knapsack well." in dry.stdout


@pytest.mark.nightly
def test_the_problem_is_shown_checked_and_scored(site: Path, tmp_path: Path) -> None:
    """By the name that the package declares, and by its class."""
    assert "Knapsack" in document(site, "problems", "list", cwd=tmp_path)[-1]["title"]
    checked = evoheur_with(site, "problems", "check", "knapsack", "--split", "train", cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout
    (tmp_path / "rule.py").write_text("def score(values, weights):\n    return values / weights\n")
    words = ("rule.py", "--problem", "mylab.knapsack:Knapsack", "--split", "train", "--json")
    scored = evoheur_with(site, "evaluate", *words, cwd=tmp_path)
    assert scored.returncode == 0, scored.stderr


def test_a_guest_that_has_no_installed_packages_finds_the_problem(site: Path, tmp_path: Path) -> None:
    """As in a container, which is shown the package's folder at its place, and whose own packages do not have it."""
    print_entry = (
        "import json\nfrom evoheur.evaluation.isolation import guest_entry\n"
        "entry = guest_entry('knapsack', {})\nprint(json.dumps([entry.payload, entry.folders]))"
    )
    env = environment({"PYTHONPATH": str(site)})
    told = subprocess.run([sys.executable, "-c", print_entry], cwd=tmp_path, env=env, capture_output=True, text=True, check=True)
    payload, folders = json.loads(told.stdout)
    assert folders == [str(site / "mylab")]
    set_up = (
        "import json, sys\nfrom evoheur.evaluation import guest_job\nguest_job.setup(json.load(sys.stdin))\n"
        "assert 'mylab.knapsack.generate' not in sys.modules\nprint(type(guest_job._warm['problem']).__module__)"
    )
    words, env = [sys.executable, "-c", set_up], environment()
    done = subprocess.run(words, input=json.dumps(payload), cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.stdout == "mylab.knapsack.problem\n", done.stderr


@pytest.mark.nightly
def test_the_isolation_level_is_found_by_doctor_and_attacked_by_the_red_team(site: Path, tmp_path: Path) -> None:
    """Neither has a list: what they say of it, it says of itself."""
    findings = {finding["name"]: finding for finding in document(site, "doctor", cwd=tmp_path)["findings"]}
    assert findings["strict"]["ok"]
    assert findings["strict"]["detail"].endswith(
        "; As the jail; candidates have numpy as far as the problem has loaded it, and no other library"
    )
    for words in (("--level", "strict"), ()):
        attacked = document(site, "sandbox", "check", "--family", "shared objects", *words, cwd=tmp_path)["levels"]
        [level] = [level for level in attacked if level["level"] == "strict"]
        assert (level["works"], level["holds"]) == (True, True)


@pytest.mark.nightly
def test_a_name_that_is_taken_twice_is_an_error_that_names_both(tmp_path: Path) -> None:
    site = install_example(tmp_path / "site")
    add_declarations(site, "otherlab", "2.1", {"evoheur.strategies": {"eoh": "mylab.greedy:GreedyConfig"}})
    add_declarations(site, "thirdlab", "0.3", {"evoheur.problems": {"knapsack": "mylab.knapsack:Knapsack"}})
    shutil.copy(EXAMPLE / "run.yaml", tmp_path)
    done = evoheur_with(site, "run", "run.yaml", "--dry-run", "--set", "strategy.kind=eoh", cwd=tmp_path)
    assert done.returncode == 2
    assert "evoheur.strategies.eoh:EohConfig of evoheur itself and mylab.greedy:GreedyConfig of otherlab 2.1" in done.stderr
    assert "mylab.knapsack:Knapsack of mylab 1.0 and mylab.knapsack:Knapsack of thirdlab 0.3" in done.stderr
    listed = document(site, "plugins", cwd=tmp_path)
    assert {plugin["package"] for plugin in listed if "taken more than once" in plugin["fault"]} == {
        "mylab 1.0",  # whose knapsack is one of the two
        "otherlab 2.1",
        "thirdlab 0.3",
    }


def test_a_broken_plug_in_is_told_and_breaks_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")  # doctor would have a container compile kernels for seconds
    site = install_example(tmp_path / "site")
    (site / "raising.py").write_text("1 / 0\n")
    (site / "leaving.py").write_text("raise SystemExit(3)\n")
    (site / "odd.py").write_text("class Odd(BaseException):\n    pass\nraise Odd('quite odd')\n")
    (site / "moody.py").write_text("def __getattr__(name):\n    raise Warning('in no mood')\n")
    groups = {
        "evoheur.strategies": {"gone": "no_such_module:Config", "raising": "raising:Config", "misnamed": "mylab.greedy:Greedy"},
        "evoheur.sandboxes": {"rotten": "raising:Config"},
        "evoheur.problems": {"empty": "mylab.knapsack:Nothing", "odd": "odd:Odd"},
        "evoheur.generators": {"leaving": "leaving:Config"},
        "evoheur.optimisers": {"moody": "moody:Descent"},
    }
    add_declarations(site, "broken", "1.0", groups)
    faults = {plugin["name"]: plugin["fault"] for plugin in document(site, "plugins", cwd=tmp_path)}
    assert "needs module 'no_such_module'" in faults["gone"]
    assert "ZeroDivisionError" in faults["raising"]
    assert "name mylab.greedy:GreedyConfig instead" in faults["misnamed"]
    assert "names nothing in 'mylab.knapsack'; the problems in that module: Knapsack" in faults["empty"]
    assert faults["greedy"] == ""
    assert "cannot be imported (Odd: quite odd)" in faults["odd"]
    assert "cannot be imported (SystemExit: 3)" in faults["leaving"]
    assert faults["moody"] == "moody:Descent cannot be used: it raises Warning: in no mood; correct it, or uninstall its package."
    named = evoheur_with(site, "run", "quickstart", "--set", "generator.kind=leaving", "--dry-run", cwd=tmp_path)
    assert (named.returncode, "names a module that cannot be imported (SystemExit: 3)" in named.stderr) == (2, True)
    named = evoheur_with(site, "problems", "show", "odd", cwd=tmp_path)
    assert (named.returncode, "is in a module that cannot be imported (Odd: quite odd)" in named.stderr) == (2, True)
    listed = evoheur_with(site, "problems", "list", cwd=tmp_path)
    assert (listed.returncode, "bin_packing_online" in listed.stdout) == (0, True)
    findings = {finding["name"]: finding for finding in document(site, "doctor", cwd=tmp_path)["findings"]}
    assert (findings["rotten"]["ok"], findings["process"]["ok"]) == (False, True)
    assert "ZeroDivisionError" in findings["rotten"]["detail"]


def test_parts_beside_a_configuration_need_no_installation(tmp_path: Path) -> None:
    """The same modules in the configuration's folder, named by their classes, and resumed from elsewhere."""
    shutil.copytree(EXAMPLE / "mylab" / "prompts", tmp_path / "lab" / "prompts")
    for name in ("greedy", "bandit"):
        shutil.copy(EXAMPLE / "mylab" / f"{name}.py", tmp_path / "lab")
    source = (EXAMPLE / "mylab" / "knapsack" / "problem.py").read_text()
    (tmp_path / "lab" / "packing.py").write_text(source.replace('"generate"', '"drawing"'))
    drawn = (EXAMPLE / "mylab" / "knapsack" / "generate.py").read_text()
    (tmp_path / "lab" / "drawing.py").write_text(drawn.replace("from .problem", "from packing"))
    improve = tmp_path / "lab" / "prompts" / "greedy" / "improve.jinja"
    improve.write_text(improve.read_text().replace("mylab.greedy/", "greedy/"))
    settings = {
        "name": "r",
        "problem": "packing:Knapsack",
        "strategy": {"kind": "greedy:GreedyConfig", "starts": 1},
        "generator": {"kind": "bandit:BanditConfig"},
        "evaluation": {"sandbox": {"kind": "process"}, "executor": {"kind": "local", "slots": 1}},
        "budget": {"evaluations": 3},
        "archive": f"sqlite:///{tmp_path}/a.db",
    }
    (tmp_path / "lab" / "run.yaml").write_text(json.dumps(settings))
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    done = evoheur_with(nothing, "run", "lab/run.yaml", "--quiet", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    words = ("resume", "r", "--archive", f"sqlite:///{tmp_path}/a.db", "--set", "budget.evaluations=4")
    done = evoheur_with(nothing, *words, "--quiet", cwd=nothing)
    assert done.returncode == 0, done.stderr
    assert len(query(tmp_path / "a.db", CANDIDATES)) == 5
    drawing = tmp_path / "lab" / "drawing.py"  # which only `trusted` names
    drawing.write_text(drawing.read_text().replace("// 3", "// 4"))
    done = evoheur_with(nothing, *words[:-1], "budget.evaluations=5", cwd=nothing)
    assert "You changed drawing.py of 'packing:Knapsack'" in done.stderr


@pytest.mark.nightly
def test_the_parts_keep_the_contracts_that_their_authors_are_offered(site: Path, tmp_path: Path) -> None:
    """As an author's own test suite would run them."""
    (tmp_path / "test_mylab.py").write_text(CONTRACTS)
    env = environment({"PYTHONPATH": str(site)})
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "test_mylab.py"]
    done = subprocess.run(words, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout


@pytest.mark.nightly
def test_pip_leaves_what_the_other_tests_install(tmp_path: Path) -> None:
    """Modules, templates and entry points all come along."""
    source = shutil.copytree(EXAMPLE, tmp_path / "source")
    words = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--target",
        str(tmp_path / "pip"),
        str(source),
    ]
    subprocess.run(words, check=True, env=dict(os.environ), timeout=280)
    copied = install_example(tmp_path / "copied")
    assert _files(tmp_path / "pip") == _files(copied)
    assert document(tmp_path / "pip", "plugins", cwd=tmp_path) == document(copied, "plugins", cwd=tmp_path)


def _files(site: Path) -> dict[str, str]:
    package = [path for path in (site / "mylab").rglob("*") if path.suffix in {".py", ".jinja"}]
    return {str(path.relative_to(site)): path.read_text() for path in package}


def _best(database: Path) -> int:
    [(number,)] = query(
        database,
        "SELECT number FROM candidate JOIN evaluation ON candidate_id = candidate.id WHERE split = 'train' AND number > 0 "
        "AND objective IS NOT NULL ORDER BY objective, number LIMIT 1",
    )
    return int(number)
