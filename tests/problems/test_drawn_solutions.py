"""Drawings of the bundled problems' solutions: every city, customer and item once, where it belongs."""

from pathlib import Path

import numpy as np
import pytest

from evoheur.drawing import Drawing, DrawnPoints, DrawnRectangle, LineOfPoints
from evoheur.problem import Infeasible, to_json
from evoheur.problem_loading import load_problem
from evoheur.problem_modules import bundled_problems
from evoheur.problems.cvrp.drawn_routes import drawn_routes
from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.flow_shop.instance import FlowShopInstance
from evoheur.problems.graph_colouring.instance import GraphInstance
from evoheur.problems.job_shop_dispatching.instance import JobShopInstance
from evoheur.problems.multidimensional_knapsack.instance import KnapsackInstance
from evoheur.problems.packing.drawn_bins import drawn_bins
from evoheur.problems.tsp.drawn_tour import drawn_tour
from evoheur.problems.tsp.instance import TspInstance
from evoheur.run.problem_hash import problem_hash

CORNERS = np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 3.0], [0.0, 3.0]])


def cities(metric: str, data: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = CORNERS) -> TspInstance:
    return TspInstance(name="square", family="f", metric=metric, data=data)


@pytest.mark.parametrize("name", bundled_problems())
def test_every_bundled_problem_draws_each_part_of_an_instance_once(name: str) -> None:
    problem = load_problem(name)
    instance = problem.instances("train")[0]
    solver = next(iter(problem.textbook_rules().values()))
    drawing = problem.draw(instance, to_json(solver(instance)))
    assert drawing is not None
    match instance:
        case TspInstance():
            wanted = {f"city {city}" for city in range(instance.cities)}
        case CvrpInstance():
            wanted = {"depot", *(f"customer {customer + 1}" for customer in range(instance.customers))}
        case KnapsackInstance():
            wanted = {f"item {item + 1}" for item in range(instance.values.size)}
        case GraphInstance():
            wanted = {f"vertex {vertex + 1}" for vertex in range(instance.vertices)}
        case FlowShopInstance() | JobShopInstance():
            pairs = [(job + 1, machine + 1) for job in range(instance.jobs) for machine in range(instance.machines)]
            wanted = {f"job {job} on machine {machine}" for job, machine in pairs}
        case _:
            wanted = {f"item {item + 1}" for item in range(len(instance.items))}
    assert sorted(drawing.parts) == sorted(wanted)
    assert instance.name in drawing.title


def test_a_tour_is_drawn_in_the_order_of_visiting() -> None:
    drawing = drawn_tour(cities("EUC_2D"), [0, 2, 1, 3])
    assert drawing is not None
    line, places = drawing.marks
    assert line == LineOfPoints(x=(0.0, 4.0, 4.0, 0.0), y=(0.0, 3.0, 0.0, 3.0), closed=True)
    assert isinstance(places, DrawnPoints)
    assert places.parts == ("city 0", "city 1", "city 2", "city 3")
    assert drawing.notes == ("length 16",)  # both diagonals of 5, both short sides of 3


def test_latitudes_are_drawn_upwards() -> None:
    """TSPLIB's geographical coordinates have the latitude first."""
    drawing = drawn_tour(cities("GEO*1024"), [0, 1, 2, 3])
    assert drawing is not None
    assert isinstance(drawing.marks[0], LineOfPoints)
    assert drawing.marks[0].x == (0.0, 0.0, 3.0, 3.0)


def test_where_only_a_matrix_is_known_there_is_no_map() -> None:
    matrix = np.ones((4, 4)) - np.eye(4)
    assert drawn_tour(cities("EXPLICIT", matrix), [0, 1, 2, 3]) is None
    assert load_problem("tsp_constructive").draw(cities("EXPLICIT", matrix), [0, 1, 2, 3]) is None


def test_no_solution_is_no_drawing() -> None:
    with pytest.raises(Infeasible):
        drawn_tour(cities("EUC_2D"), [0, 0, 1, 2])


def test_routes_have_their_loads_and_the_depot_is_a_square() -> None:
    instance = CvrpInstance(
        name="square",
        family="f",
        metric="EUC_2D",
        coordinates=CORNERS,
        demands=np.array([0, 5, 2, 3], dtype=np.int64),
        capacity=5,
    )
    drawing = drawn_routes(instance, [[1], [], [2, 3]])
    lines = [mark for mark in drawing.marks if isinstance(mark, LineOfPoints)]
    assert [line.label for line in lines] == ["route 1: load 5 of 5, length 8", "route 2: load 5 of 5, length 12"]
    assert (lines[1].x, lines[1].y, lines[1].closed) == ((0.0, 4.0, 0.0), (0.0, 3.0, 3.0), True)
    last = drawing.marks[-1]
    assert isinstance(last, DrawnPoints)
    assert (last.parts, last.shape) == (("depot",), "square")
    assert drawing.notes == ("2 routes, cost 20", "vehicles are 100.0 % full on average")


def test_bins_are_filled_from_below_and_framed() -> None:
    drawing = drawn_bins("four", 10, np.array([6, 7, 4, 3], dtype=np.int64), [9, 2, 9, 2])
    boxes = [mark for mark in drawing.marks if isinstance(mark, DrawnRectangle)]
    assert [(box.part, box.x, box.y, box.height) for box in boxes[:4]] == [
        ("item 1", 0.0, 0.0, 0.6),
        ("item 2", 1.0, 0.0, 0.7),
        ("item 3", 0.0, 0.6, 0.4),
        ("item 4", 1.0, 0.7, 0.3),
    ]
    assert [box.label for box in boxes[4:]] == ["bin 1: 10 of 10", "bin 2: 10 of 10"]
    assert [box.shade for box in boxes[:4]] == [0.75, 1.0, 0.25, 0.0]
    assert drawing.notes == ("2 bins of 10, 100.00 % full on average, 2 of them to the brim",)


@pytest.mark.parametrize("bins", [1, 7, 300])
def test_no_two_bins_lie_on_each_other(bins: int) -> None:
    drawing = drawn_bins("many", 3, np.full(bins, 2, dtype=np.int64), list(range(bins)))
    frames = {(box.x, box.y) for box in drawing.marks if isinstance(box, DrawnRectangle) and not box.part}
    assert len(frames) == bins


def test_a_module_that_draws_is_no_change_of_the_problem(tmp_path: Path) -> None:
    """Runs begun before it was there go on; and it is what draws."""
    folder = tmp_path / "chosen"
    folder.mkdir()
    source = Path(__file__).parents[1] / "evoheur" / "testing" / "faulty" / "problem.py"
    text = source.read_text().replace("def draw(self", "def former_draw(self")
    (folder / "problem.py").write_text(text)
    (folder / "__init__.py").write_text("")
    before = problem_hash(str(folder))
    problem = load_problem(str(folder))
    instance = problem.instances("train")[0]
    assert problem.draw(instance, [1]) is None
    (folder / "drawn_solution.py").write_text(
        "from evoheur.drawing import Drawing\n\n"
        "def draw(instance, solution):\n    return Drawing(title=f'{instance.name}{solution}', marks=())\n"
    )
    assert problem_hash(str(folder)) == before
    drawing = problem.draw(instance, [1])
    assert isinstance(drawing, Drawing)
    assert drawing.title == "train-0[1]"
