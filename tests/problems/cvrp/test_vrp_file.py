"""One CVRPLIB file: what it may say and how, and what is refused by name."""

from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import vrplib
from hypothesis import given
from hypothesis import strategies as st

from evoheur.errors import ConfigError, InstanceWarning
from evoheur.problems.cvrp.files import read_file, read_instances
from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.routing_problem import CvrpProblem
from evoheur.problems.cvrp.solution import price
from evoheur.problems.cvrp.vrp_file import read_vrp
from tests.problems.routing.support.written import saved, written

from .support.made_up import data_folder

ENTRIES = {
    "NAME": "four",
    "TYPE": "CVRP",
    "DIMENSION": "4",
    "EDGE_WEIGHT_TYPE": "EUC_2D",
    "CAPACITY": "4",
    "DISTANCE": "150",
    "SERVICE_TIME": "2.5",
    "VEHICLES": "2",
}
SECTIONS = {
    "NODE_COORD_SECTION": ["1 0 0", "2 30 0", "3 30 40", "4 0 40"],
    "DEMAND_SECTION": ["1 0", "2 2", "3 2", "4 1"],
    "DEPOT_SECTION": ["1", "-1"],
}


def text(entries: dict[str, str] | None = None, sections: dict[str, list[str]] | None = None) -> str:
    """A file with some entries and sections instead; an empty text or list leaves one out."""
    said = {key: value for key, value in (ENTRIES | (entries or {})).items() if value}
    rows = {key: value for key, value in (SECTIONS | (sections or {})).items() if value}
    lines = [f"{key} : {value}" for key, value in said.items()]
    return "\n".join([*lines, *(line for key, value in rows.items() for line in (key, *value)), "EOF\n"])


def read(folder: Path, entries: dict[str, str] | None = None, sections: dict[str, list[str]] | None = None) -> CvrpInstance:
    """The instance of such a file."""
    return read_vrp(saved(folder, "four.vrp", text(entries, sections).encode()))


def summary(made: CvrpInstance) -> dict[str, object]:
    """All that an instance says."""
    return {**CvrpProblem.encode(_PROBLEM, made), "distances": made.distances.tolist()}


class _Any(CvrpProblem):
    heuristic = staticmethod(len)

    def solve(self, heuristic: object, instance: CvrpInstance, rng: object) -> list[list[int]]:
        return []


_PROBLEM = _Any()


@given(data=written(ENTRIES, SECTIONS))
def test_all_ways_to_write_a_file_give_the_same_instance(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """With every limit in it; the ending of the name in any case."""
    folder = tmp_path_factory.mktemp("any")
    [(made, _)] = read_file(saved(folder, "four.VRP", data))
    assert summary(made) == summary(read(folder))
    assert (made.capacity, made.max_duration, made.max_vehicles) == (4, 150.0, 2)
    assert made.service_times.tolist() == [0.0, 2.5, 2.5, 2.5]
    assert made.distances[0].tolist() == [0.0, 30.0, 50.0, 40.0]


MATRIX = np.array([[0, 1, 2, 3], [1, 0, 4, 5], [2, 4, 0, 6], [3, 5, 6, 0]], dtype=np.float64)
FORMS = {
    "FULL_MATRIX": "0 1 2 3 1 0 4 5 2 4 0 6 3 5 6 0",
    "UPPER_ROW": "1 2 3 4 5 6",
    "LOWER_ROW": "1 2 4 3 5 6",
    "UPPER_DIAG_ROW": "0 1 2 3 0 4 5 0 6 0",
    "LOWER_DIAG_ROW": "0 1 0 2 4 0 3 5 6 0",
    "UPPER_COL": "1 2 4 3 5 6",
    "LOWER_COL": "1 2 3 4 5 6",
    "UPPER_DIAG_COL": "0 1 0 2 4 0 3 5 6 0",
    "LOWER_DIAG_COL": "0 1 2 3 0 4 5 0 6 0",
}


def explicit(form: str, numbers: str, **entries: str) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Entries and sections of a file with a matrix."""
    said = {"EDGE_WEIGHT_TYPE": "EXPLICIT", "EDGE_WEIGHT_FORMAT": form, **entries}
    return said, {"NODE_COORD_SECTION": [], "EDGE_WEIGHT_SECTION": [numbers]}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_matrix_gives_the_same_distances(tmp_path: Path, form: str) -> None:
    """Rows or columns of either triangle, with or without the diagonal; 1-2 and back is 1 + 4 + 2."""
    made = read(tmp_path, *explicit(form, FORMS[form]))
    assert made.distances.tolist() == MATRIX.tolist()
    assert price(made, [[1, 2], [3]]) == 1 + 4 + 2 + 3 + 3
    assert not made.limits.one_way


def test_a_matrix_may_differ_from_its_transpose(tmp_path: Path) -> None:
    """Row from, column to; a route costs what it costs in its direction."""
    said, sections = explicit("FULL_MATRIX", "0 1 9 9  9 0 1 9  1 9 0 9  7 9 9 0", TYPE="ACVRP")
    made = read(tmp_path, said, sections)
    assert made.limits.one_way
    assert price(made, [[1, 2], [3]]) == 1 + 1 + 1 + 9 + 7
    assert price(made, [[2, 1], [3]]) == 9 + 9 + 9 + 9 + 7


def test_a_matrix_without_coordinates_comes_with_a_map(tmp_path: Path) -> None:
    """Points whose distances are those of the matrix, where there are such points: a rectangle of 3 by 4."""
    made = read(tmp_path, *explicit("UPPER_ROW", "3 5 4 4 5 3"))
    between = np.hypot(*(made.coordinates[:, None] - made.coordinates[None]).transpose(2, 0, 1))
    assert between == pytest.approx(made.distances, abs=1e-5)
    placed = read(tmp_path, explicit("UPPER_ROW", "3 5 4 4 5 3")[0], {"EDGE_WEIGHT_SECTION": ["3 5 4 4 5 3"]})
    assert placed.coordinates.tolist() == [[0.0, 0.0], [30.0, 0.0], [30.0, 40.0], [0.0, 40.0]]
    assert placed.distances.tolist() == made.distances.tolist()


def test_decimals_are_counted_exactly(tmp_path: Path) -> None:
    """0.1 + 0.2 fits into 0.3, and 0.1 + 0.2 + 0.1 does not."""
    sections = {"DEMAND_SECTION": ["1 0", "2 0.1", "3 0.2", "4 1e-1"]}
    made = read(tmp_path, {"CAPACITY": "0.30", "DISTANCE": ""}, sections)
    assert (made.demands.tolist(), made.capacity) == ([0, 1, 2, 1], 3)
    whole = read(tmp_path, {"CAPACITY": "4.0"}, {"DEMAND_SECTION": ["1 0", "2 2.00", "3 2", "4 1."]})
    assert (whole.demands.tolist(), whole.capacity) == ([0, 2, 2, 1], 4)


def test_any_node_can_be_the_depot(tmp_path: Path) -> None:
    """It becomes node 0, and the others are numbered from 1 in the order of the file."""
    made = read(tmp_path, sections={"DEPOT_SECTION": ["3", "-1"], "DEMAND_SECTION": ["1 2", "2 2", "3 0", "4 1"]})
    assert made.coordinates.tolist() == [[30.0, 40.0], [0.0, 0.0], [30.0, 0.0], [0.0, 40.0]]
    assert made.demands.tolist() == [0, 2, 2, 1]
    assert made.service_times.tolist() == [0.0, 2.5, 2.5, 2.5]
    assert price(made, [[1], [2, 3]]) == 50 + 50 + 40 + 50 + 30
    said, sections = explicit("FULL_MATRIX", "0 1 9 9  9 0 1 9  1 9 0 9  7 9 9 0")
    turned = read(tmp_path, said, {**sections, "DEPOT_SECTION": ["2", "-1"], "DEMAND_SECTION": ["1 2", "2 0", "3 2", "4 1"]})
    assert turned.distances.tolist() == [[0, 9, 1, 9], [1, 0, 9, 9], [9, 1, 0, 9], [9, 7, 9, 0]]


def test_distances_without_rounding(tmp_path: Path) -> None:
    """EXACT_2D says so, and so do the sets whose published costs hold without rounding."""
    sections = {"NODE_COORD_SECTION": ["1 0 0", "2 10 15", "3 30 40", "4 0 40"]}
    assert read(tmp_path, sections=sections).distances[0, 1] == 18.0
    for entries in (
        {"EDGE_WEIGHT_TYPE": "EXACT_2D"},
        {"NAME": "CMT6"},
        {"NAME": "Golden_1"},
        {"NAME": "Li_21"},
        {"NAME": "tai75a"},
    ):
        assert read(tmp_path, entries, sections).distances[0, 1] == np.hypot(10.0, 15.0)


def test_distances_in_space(tmp_path: Path) -> None:
    """What is told as coordinates is the plane."""
    rows = ["1 0 0 0", "2 30 0 40", "3 30 40 0", "4 0 40 9"]
    made = read(tmp_path, {"EDGE_WEIGHT_TYPE": "EUC_3D"}, {"NODE_COORD_SECTION": rows})
    assert made.distances[0].tolist() == [0.0, 50.0, 50.0, 41.0]
    assert made.coordinates.shape == (4, 2)


def test_service_times_by_node(tmp_path: Path) -> None:
    """In a section of their own."""
    entries = {"SERVICE_TIME": ""}
    made = read(tmp_path, entries, {"SERVICE_TIME_SECTION": ["1 0", "3 2", "2 1.5", "4 3"]})
    assert made.service_times.tolist() == [0.0, 1.5, 2.0, 3.0]
    assert read(tmp_path, {"DISTANCE": ""}).service_times.size == 0  # without a limit they say nothing of routes


@pytest.mark.parametrize(
    ("section", "reason"),
    [
        ("TIME_WINDOW_SECTION", r"TIME_WINDOW_SECTION \(time windows\) is not handled by the vehicle routing problems"),
        ("BACKHAUL_SECTION", r"\(backhauls\)"),
        ("PICKUP_SECTION", r"\(pickups\)"),
        ("PICKUP_AND_DELIVERY_SECTION", r"\(pickups and deliveries\)"),
        ("PRECEDENCE_SECTION", r"\(customers that come before others\)"),
        ("EDGE_DATA_SECTION", r"\(a graph without all edges\)"),
        ("FIXED_EDGES_SECTION", r"\(edges that every tour has to use\)"),
        ("VEHICLES_DEPOT_SECTION", r"\(vehicles with depots of their own\)"),
        ("MY_SECTION", "MY_SECTION is not known, and could restrict the solutions"),
    ],
)
def test_sections_that_restrict_are_refused_by_name(tmp_path: Path, section: str, reason: str) -> None:
    """Without them it would be another problem."""
    with pytest.raises(ConfigError, match=reason):
        read(tmp_path, sections={section: ["1 2 3"]})


@pytest.mark.parametrize(
    ("entries", "sections", "reason"),
    [
        ({"TYPE": "CVRPTW"}, {}, "is of TYPE CVRPTW; the vehicle routing problems read CVRP, ACVRP, DCVRP"),
        ({"SALESMEN": "3"}, {}, r"SALESMEN \(several salesmen\)"),
        ({"DISTANCE": "far"}, {}, "DISTANCE is 'far'; it must be a number"),
        ({"DISTANCE": "0"}, {}, "the limit of a route is 0; it must be positive, or left out"),
        ({"DISTANCE": "102.4"}, {}, r"a route to node 3 and back takes 102\.5, which is more than the limit of a route, 102\.4"),
        ({"SERVICE_TIME": "-1"}, {}, "the service time of node 2 is -1; it must be at least 0"),
        ({"VEHICLES": "none"}, {}, "VEHICLES is none; it must be the number of vehicles"),
        ({}, {"DEPOT_SECTION": ["1", "3", "-1"]}, r"has 2 depots \(1 3\); several depots are not handled"),
        ({}, {"DEPOT_SECTION": ["-1"]}, r"has 0 depots"),
        ({}, {"DEPOT_SECTION": ["30.5 20.5"]}, r"has 2 depots"),
        ({}, {"DEPOT_SECTION": []}, "has no DEPOT_SECTION"),
        ({}, {"DEMAND_SECTION": ["1 0", "2 5", "3 2", "4 1"]}, r"the demand of node 2 is 5; it must be within 0\.\.4"),
        ({}, {"DEMAND_SECTION": ["1 0 0", "2 2 1", "3 2 1", "4 1 1"]}, "the nodes are not numbered 1 to 6, each once"),
        ({"DIMENSION": "1"}, {"DEMAND_SECTION": ["1 0"], "NODE_COORD_SECTION": ["1 0 0"]}, "has 0 customers; from 1 to 10,000"),
        ({}, {"SERVICE_TIME_SECTION": ["1 0"]}, "has SERVICE_TIME and SERVICE_TIME_SECTION"),
        ({"CAPACITY": "1e-9"}, {"DEMAND_SECTION": ["1 0", "2 0", "3 0", "4 0"]}, ""),
    ],
)
def test_other_faults_are_named(tmp_path: Path, entries: dict[str, str], sections: dict[str, list[str]], reason: str) -> None:
    """With the node or the value; a capacity of next to nothing is none if there is no demand."""
    if not reason:
        assert read(tmp_path, {**entries, "DISTANCE": ""}, sections).capacity == 1
        return
    with pytest.raises(ConfigError, match=reason):
        read(tmp_path, entries, sections)


def test_a_comment_is_no_constraint(tmp_path: Path) -> None:
    """The Augerat sets say a number of trucks in it, and the number of vehicles is free there; so does a name with "k5" in it."""
    made = read(tmp_path, {"NAME": "A-n4-k1", "COMMENT": "(Augerat et al, No of trucks: 1, Optimal value: 80)", "VEHICLES": ""})
    assert made.max_vehicles is None


def test_degrees_that_are_rounded_to_nothing_are_warned_of(tmp_path: Path) -> None:
    """With what to give instead."""
    rows = ["1 52.5162 13.3777", "2 52.5070 13.3904", "3 52.4811 13.4350", "4 53.5530 13.2910"]
    with pytest.warns(InstanceWarning, match=r"four\.vrp: EUC_2D makes whole numbers"):
        read(tmp_path, sections={"NODE_COORD_SECTION": rows})
    read(tmp_path, {"EDGE_WEIGHT_TYPE": "EXACT_2D"}, {"NODE_COORD_SECTION": rows})


@given(data=st.text(alphabet="CAPITYDEMNSO_VHL: 0123456789.-\n", max_size=200))
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: str) -> None:
    """Nothing but a refusal is raised."""
    file = saved(tmp_path_factory.mktemp("any"), "a.vrp", f"{data}\n{text()}".encode())
    with suppress(ConfigError):
        assert read_vrp(file).customers == 3


def test_vrplib_reads_the_same_from_published_files() -> None:
    """Demands, capacity and coordinates; distances to the rounding that vrplib does not do."""
    folder = data_folder("cvrplib")
    files = sorted(folder.glob("*.vrp"))
    assert files
    for file in files:
        [made] = read_instances(file).instances
        other = vrplib.read_instance(file)
        assert made.demands.tolist() == other["demand"].tolist(), file.name
        assert made.capacity == other["capacity"], file.name
        assert np.array_equal(made.coordinates, other["node_coord"]), file.name
        assert np.abs(made.distances - other["edge_weight"]).max() <= 0.5 + 1e-6, file.name


def test_numbers_that_would_not_count_are_refused(tmp_path: Path) -> None:
    """Distances beside coordinates: one of them is not what its author thinks."""
    with pytest.raises(
        ConfigError, match="EDGE_WEIGHT_TYPE is EUC_2D, which goes by coordinates, and there is an EDGE_WEIGHT_SECTION"
    ):
        read(tmp_path, sections={"EDGE_WEIGHT_SECTION": ["0 1", "1 0"]})


def test_a_fleet_that_cannot_be_enough_is_warned_of(tmp_path: Path) -> None:
    """Demands of 5 with a capacity of 4 need two vehicles; a route too many costs all trips out and back, 2 * (30 + 50 + 40)."""
    with pytest.warns(InstanceWarning, match=r"need 2 vehicles and the fleet has 1, .* penalty of 240 for each route too many"):
        read(tmp_path, {"VEHICLES": "1"})
