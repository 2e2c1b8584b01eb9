"""Solutions that are drawn: kept ones as they are, others from the sandbox, at the archive's cost."""

import shutil
from pathlib import Path

import pytest

import evoheur
from evoheur import ConfigError, Drawing, load_problem
from evoheur.api.drawn_solutions import RunProblem, draw_textbook, picture_of
from evoheur.api.solution_making import SolutionWish, draw_solutions
from evoheur.archive.archive import Archive
from evoheur.charts.solution_table import SolutionTable
from tests.evoheur.cli.conftest import _own_folder, tiny_settings

__all__ = ["_own_folder"]

DRAWING = '''"""Draws the lengths of the jobs."""

from evoheur.drawing import Drawing, DrawnRectangle


def draw(instance, solution):
    boxes = [
        DrawnRectangle(x=float(place), y=0.0, width=0.8, height=float(length), part=f"job {place}", shade=solution[place] / 6)
        for place, length in enumerate(instance.lengths.tolist())
    ]
    return Drawing(title=instance.name, marks=tuple(boxes), equal_scale=False)
'''


@pytest.fixture(scope="module")
def finished(scheduling: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    archive = tmp_path_factory.mktemp("made") / "some.db"
    evoheur.discover(tiny_settings(scheduling), archive=archive, name="r")
    return archive


@pytest.fixture
def archive(finished: Path, tmp_path: Path) -> str:
    """A copy that may be written to."""
    shutil.copy(finished, tmp_path / "copy.db")
    return f"sqlite:///{tmp_path / 'copy.db'}"


def best(archive: str) -> int:
    with Archive.open(archive, read_only=True) as opened:
        chosen = opened.chosen("r")
        assert chosen is not None
        return chosen.candidate.id


def other(archive: str) -> int:
    """A candidate with a score on validation of which nothing is kept."""
    with Archive.open(archive, read_only=True) as opened:
        records = opened.best("r", 2)
        kept = opened.solved_instances("r")
        return next(record.candidate.id for record in records if record.candidate.id not in kept)


def test_what_is_kept_is_drawn_without_solving(archive: str) -> None:
    heard: list[str] = []
    [drawn] = draw_solutions(SolutionWish(target="r/best"), archive=archive, saying=heard.append)
    assert heard == []
    assert drawn.name == f"r/{best(archive)}"
    assert isinstance(drawn.picture, SolutionTable)
    assert len(drawn.picture.rows) == 60
    with Archive.open(archive, read_only=True) as opened:
        scored = opened.candidate("r", best(archive)).evaluations["validation"].results
    assert drawn.result.cost in [each.cost for each in scored if each.instance == drawn.result.instance]
    assert drawn.remark == ""


def test_what_is_not_kept_is_solved_in_the_sandbox_and_kept_at_the_archives_cost(archive: str) -> None:
    number = other(archive)
    heard: list[str] = []
    wish = SolutionWish(target=f"r/{number}", beside="r/0", instance="validation-2")
    one, two = draw_solutions(wish, archive=archive, saying=heard.append)
    assert heard == [f"r/{number}", "r/0"]
    with Archive.open(archive, read_only=True) as opened:
        for drawn, of in ((one, number), (two, 0)):
            solution = opened.solutions("r", of)["validation"]["validation-2"]
            problem = load_problem(opened.run("r").problem)
            [instance] = [each for each in problem.instances("validation") if each.name == "validation-2"]
            scores = {each.instance: each.cost for each in opened.candidate("r", of).evaluations["validation"].results}
            assert problem.cost(instance, solution) == drawn.result.cost == scores["validation-2"]
    heard.clear()
    again = draw_solutions(wish, archive=archive, saying=heard.append)
    assert [each.picture for each in again] == [one.picture, two.picture]
    assert [each.result.cost for each in again] == [one.result.cost, two.result.cost]
    assert heard == []


def test_another_price_than_the_archives_is_said(archive: str) -> None:
    """As where the problem is another one now: what is kept is drawn, with a remark."""
    with Archive.open(archive) as opened:
        opened.keep_solutions(opened.run("r").id, 0, "validation", {"validation-1": [0] * 60})
    [drawn] = draw_solutions(SolutionWish(target="r/0", instance="validation-1"), archive=archive)
    assert "and r/0 was scored with" in drawn.remark
    assert drawn.result.cost is not None
    assert repr(drawn.result.cost) in drawn.remark


def test_what_is_no_solution_any_more_has_a_table_and_the_reason(archive: str) -> None:
    with Archive.open(archive) as opened:
        opened.keep_solutions(opened.run("r").id, 0, "validation", {"validation-1": ["<b>", 1]})
    [drawn] = draw_solutions(SolutionWish(target="r/0", instance="validation-1"), archive=archive)
    assert isinstance(drawn.picture, SolutionTable)
    assert drawn.picture.rows[0] == ("0", "<b>")
    assert drawn.result.cost is None
    assert drawn.remark


def test_an_archive_that_is_only_read_keeps_nothing_and_says_so(archive: str) -> None:
    path, number = Path(archive.removeprefix("sqlite:///")), other(archive)
    path.chmod(0o444)
    try:
        [drawn] = draw_solutions(SolutionWish(target=f"r/{number}", instance="validation-3"), archive=archive)
    finally:
        path.chmod(0o644)
    with Archive.open(archive, read_only=True) as opened:
        kept = opened.solutions("r", number).get("validation", {})
    assert bool(drawn.remark) == ("validation-3" not in kept)  # the superuser may write to any file


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (SolutionWish(target="r/0", instance="validation-9"), "There is no instance 'validation-9'"),
        (SolutionWish(target="r/0", beside="textbook"), "has no textbook rules"),
        (SolutionWish(target="r/0", beside="textbook:best_fit"), "There is no textbook rule 'best_fit'"),
        (SolutionWish(target="r/0", beside="gallery:online_bin_packing"), ""),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(wish: SolutionWish, words: str, archive: str) -> None:
    with pytest.raises(ConfigError) as caught:
        draw_solutions(wish, archive=archive)
    assert words in str(caught.value)


def test_a_heuristic_that_fails_on_the_instance_is_named_with_its_status(archive: str, tmp_path: Path, scheduling: str) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("def choose(length, loads):\n    return loads[99]\n")
    with pytest.raises(ConfigError, match="does not solve 'validation-0': error"):
        draw_solutions(SolutionWish(target="r/0", beside=str(broken), instance="validation-0"), archive=archive)


def test_the_problems_own_drawing_is_taken_and_its_faults_are_located(tmp_path: Path, scheduling: str) -> None:
    folder = tmp_path / "drawing"
    folder.mkdir()
    shutil.copy(Path(scheduling) / "problem.py", folder)
    (folder / "__init__.py").write_text("")
    (folder / "drawn_solution.py").write_text(DRAWING)
    problem = load_problem(str(folder))
    instance = problem.instances("validation")[0]
    picture = picture_of(problem, instance, [0] * 60)
    assert isinstance(picture, Drawing)
    assert picture.parts == tuple(f"job {place}" for place in range(60))
    with pytest.raises(ConfigError, match=r"ListScheduling.draw fails for 'validation-0' \(IndexError"):
        picture_of(problem, instance, [0])


def test_a_textbook_rule_is_solved_by_trusted_code() -> None:
    found = RunProblem(problem=load_problem("tsp_insertion"), named=evoheur.ProblemConfig(name="tsp_insertion"))
    name = found.instances("validation").instances[0].name
    drawn = draw_textbook(found, "nearest_insertion", "validation", name)
    assert drawn.name == "textbook:nearest_insertion"
    assert isinstance(drawn.picture, Drawing)
    with pytest.raises(ConfigError, match=r"no textbook rule 'nearest_inserting' \(did you mean 'nearest_insertion'"):
        draw_textbook(found, "nearest_inserting", "validation", name)
