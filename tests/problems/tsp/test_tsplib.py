"""TSPLIB's text format: what is read, and what is refused with which reason."""

from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import vrplib
from hypothesis import given
from hypothesis import strategies as st

from evoheur.errors import ConfigError, InstanceWarning
from evoheur.problems.tsp.files import read_instances
from evoheur.problems.tsp.tour import price
from evoheur.problems.tsp.tsplib import MOST_CITIES, read_tour, read_tsplib
from tests.problems.routing.support.written import saved, written

from .support.cities import published_files

COORDINATES = "1 0 0\n2 0 3\n3 4 3\n4 4 0\n5 2 0\n"


def _file(folder: Path, text: str, name: str = "five.tsp") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def _coordinates(section: str = COORDINATES, *, metric: str = "EUC_2D", dimension: int | str = 5, kind: str = "TSP") -> str:
    head = f"NAME : five\nCOMMENT : by hand: five cities\nTYPE : {kind}\nDIMENSION : {dimension}\nEDGE_WEIGHT_TYPE : {metric}\n"
    return f"{head}NODE_COORD_SECTION\n{section}EOF\n"


def _explicit(form: str, numbers: str, dimension: int = 5) -> str:
    head = f"NAME: five\nTYPE: TSP\nDIMENSION: {dimension}\nEDGE_WEIGHT_TYPE: EXPLICIT\nEDGE_WEIGHT_FORMAT: {form}\n"
    return f"{head}EDGE_WEIGHT_SECTION\n{numbers}\nEOF\n"


def test_coordinates_become_an_instance(tmp_path: Path) -> None:
    """A rectangle of 4 by 3 with a city in the middle of a side: the diagonal is 5."""
    made = read_tsplib(_file(tmp_path, _coordinates()))
    assert (made.name, made.family, made.metric, made.cities) == ("five", tmp_path.name, "EUC_2D", 5)
    assert made.distances[0].tolist() == [0.0, 3.0, 5.0, 4.0, 2.0]


def test_nodes_may_come_in_any_order(tmp_path: Path) -> None:
    """City k is node k + 1, wherever it stands."""
    lines = COORDINATES.splitlines(keepends=True)
    made = read_tsplib(_file(tmp_path, _coordinates("".join(reversed(lines)))))
    assert made.data.tolist() == [[0, 0], [0, 3], [4, 3], [4, 0], [2, 0]]


@pytest.mark.parametrize("text", ["1 0 0.5e1", " 1   0\t5.0 ", "1 0 5."])
def test_the_ways_to_write_a_number(tmp_path: Path, text: str) -> None:
    """Scientific notation, tabs and spaces, a point without digits."""
    made = read_tsplib(_file(tmp_path, _coordinates(COORDINATES.replace("1 0 0", text))))
    assert made.data[0].tolist() == [0.0, 5.0]


MATRIX = np.array([[0, 1, 2, 3, 4], [1, 0, 5, 6, 7], [2, 5, 0, 8, 9], [3, 6, 8, 0, 10], [4, 7, 9, 10, 0]], dtype=np.float64)
FORMS = {
    # One matrix in all its forms, written out by hand; the line breaks mean nothing.
    "FULL_MATRIX": "0 1 2 3 4\n1 0 5 6 7\n2 5 0 8 9\n3 6 8 0 10\n4 7 9 10 0",
    "UPPER_ROW": "1 2 3 4\n5 6 7\n8 9\n10",
    "LOWER_ROW": "1\n2 5\n3 6 8\n4 7 9 10",
    "UPPER_DIAG_ROW": "0 1 2 3 4 0 5 6 7 0 8 9 0 10 0",
    "LOWER_DIAG_ROW": "0 1 0 2 5\n0 3 6 8 0 4 7\n9 10 0",
    "UPPER_COL": "1 2 5 3 6 8 4 7 9 10",
    "LOWER_COL": "1 2 3 4 5 6 7 8 9 10",
    "UPPER_DIAG_COL": "0 1 0 2 5 0 3 6 8 0 4 7 9 10 0",
    "LOWER_DIAG_COL": "0 1 2 3 4 0 5 6 7 0 8 9 0 10 0",
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_matrix_gives_the_same_distances(tmp_path: Path, form: str) -> None:
    """Rows or columns of either triangle, with or without the diagonal."""
    made = read_tsplib(_file(tmp_path, _explicit(form, FORMS[form])))
    assert made.distances.tolist() == MATRIX.tolist()


def test_a_large_number_on_the_diagonal_means_no_way(tmp_path: Path) -> None:
    """Some files have it there; a city is 0 from itself."""
    made = read_tsplib(_file(tmp_path, _explicit("UPPER_DIAG_ROW", "9999 1 2 3 4 9999 5 6 7 9999 8 9 9999 10 9999")))
    assert made.distances.tolist() == MATRIX.tolist()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (_coordinates(kind="ATSP"), "is of TYPE ATSP; the travelling salesman problems read TSP only"),
        (_coordinates(metric="XRAY1"), "EDGE_WEIGHT_TYPE is XRAY1; known are"),
        (_coordinates(dimension="five"), "DIMENSION is five; it must be the number of cities"),
        (_coordinates(dimension=6), "has 15 numbers; 6 nodes with number, x and y make 18"),
        (_coordinates(COORDINATES.replace("2 0 3", "1 0 3")), "the nodes are not numbered 1 to 5, each once"),
        (_coordinates(COORDINATES.replace("2 0 3", "2 x 3")), "the NODE_COORD_SECTION holds something else than numbers"),
        (_coordinates(COORDINATES.replace("2 0 3", "2 nan 3")), "is not finite"),
        (_coordinates("1 0 0\n2 0 3\n3 4 3\n4 4 0\n", dimension=4), "has 4 cities; from 5 to"),
        (_coordinates("1 1 1\n2 1 1\n3 1 1\n4 1 1\n5 1 1\n"), "all cities are in one place"),
        (_explicit("UPPER_ROW", "1 2 3"), "has 3 numbers; a UPPER_ROW of 5 cities has 10"),
        (_explicit("SPIRAL", "1 2 3"), "EDGE_WEIGHT_FORMAT is SPIRAL; known are FULL_MATRIX"),
        (_explicit("FULL_MATRIX", FORMS["FULL_MATRIX"].replace("3 6 8", "3 6 7")), "the matrix is not symmetric"),
        (_explicit("UPPER_ROW", "-1 2 3 4 5 6 7 8 9 10"), "the distance from node 1 to node 2 is negative"),
        ("TYPE : TSP\nDIMENSION : 5\nEDGE_WEIGHT_TYPE : EUC_2D\nEOF\n", "has no NODE_COORD_SECTION"),
        ("five cities by the sea\n", "'five cities by the sea' is neither KEY : VALUE nor part of a section"),
        ("", "DIMENSION is None"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_reason(tmp_path: Path, text: str, reason: str) -> None:
    """Another kind, a broken header, numbers that are missing, wrong or too many."""
    with pytest.raises(ConfigError) as caught:
        read_tsplib(_file(tmp_path, text))
    assert reason in str(caught.value)
    assert str(tmp_path / "five.tsp") in str(caught.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "FIXED_EDGES_SECTION\n1 2\n-1",
            "FIXED_EDGES_SECTION (edges that every tour has to use) is not handled by the travelling salesman",
        ),
        ("EDGE_DATA_FORMAT : EDGE_LIST\nEDGE_DATA_SECTION\n1 2\n-1", "EDGE_DATA_FORMAT (a graph without all edges)"),
        ("DEMAND_SECTION\n1 0", "DEMAND_SECTION (demands)"),
        ("CAPACITY : 5", "CAPACITY (the capacity of vehicles)"),
        ("SALESMEN : 2", "SALESMEN (several salesmen)"),
        ("DISTANCE : 9", "DISTANCE (the limit of a route)"),
        ("TIME_WINDOW_SECTION\n1 0 9", "TIME_WINDOW_SECTION (time windows)"),
        ("GTSP_SET_SECTION\n1 2 3 -1", "GTSP_SET_SECTION (sets of cities)"),
        ("FAVOURITE : 3", "FAVOURITE is not known, and could restrict the solutions"),
    ],
)
def test_what_restricts_tours_is_refused_by_name(tmp_path: Path, text: str, reason: str) -> None:
    """Priced without it, it would be another problem."""
    with pytest.raises(ConfigError) as caught:
        read_tsplib(_file(tmp_path, _coordinates().replace("EOF", f"{text}\nEOF")))
    assert reason in str(caught.value)


def test_what_is_only_for_the_eye_is_not(tmp_path: Path) -> None:
    """How to draw a map, who wrote it, and a section of fixed edges without any."""
    harmless = "DISPLAY_DATA_TYPE : TWOD_DISPLAY\nAUTHOR : me\nNODE_COORD_TYPE : TWOD_COORDS\nFIXED_EDGES_SECTION\n-1\n"
    text = _coordinates().replace("NODE_COORD_SECTION", f"{harmless}DISPLAY_DATA_SECTION\n1 0 0\nNODE_COORD_SECTION")
    assert read_tsplib(_file(tmp_path, text)).cities == 5


@given(
    data=written(
        {"NAME": "five", "TYPE": "TSP", "DIMENSION": "5", "EDGE_WEIGHT_TYPE": "EUC_2D"},
        {"NODE_COORD_SECTION": COORDINATES.splitlines(), "DISPLAY_DATA_SECTION": ["1 0 0"]},
    )
)
def test_all_ways_to_write_a_file_give_the_same_instance(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """Upper and lower case, separators, line ends, encodings; the ending of the name in any case."""
    [made] = read_instances(saved(tmp_path_factory.mktemp("any"), "five.TSP", data)).instances
    assert (made.name, made.metric) == ("five", "EUC_2D")
    assert made.distances[0].tolist() == [0.0, 3.0, 5.0, 4.0, 2.0]


@pytest.mark.parametrize(
    ("metric", "row", "first"),
    [
        ("EXACT_2D", "2 0.5 0", 0.5),
        ("CEIL_2D", "2 2.1 0", 3.0),
        ("FLOOR_2D", "2 2.9 0", 2.0),
        ("MAN_2D", "2 3 4", 7.0),
        ("MAX_2D", "2 3 4.4", 4.0),
        ("GREAT_CIRCLE", "2 0 1", 111.195),
    ],
)
@pytest.mark.filterwarnings("ignore::evoheur.errors.InstanceWarning")
def test_metrics(tmp_path: Path, metric: str, row: str, first: float) -> None:
    """From city 1, in the origin, to city 2."""
    rows = f"1 0 0\n{row}\n3 4 3\n4 4 0\n5 2 0\n"
    assert read_tsplib(_file(tmp_path, _coordinates(rows, metric=metric))).distances[0, 1] == pytest.approx(first, abs=0.001)


@pytest.mark.parametrize(("metric", "first"), [("EUC_3D", 13.0), ("MAN_3D", 19.0), ("MAX_3D", 12.0)])
def test_metrics_in_space(tmp_path: Path, metric: str, first: float) -> None:
    """Three coordinates to a city: 3, 4 and 12 apart."""
    rows = "1 0 0 0\n2 3 4 12\n3 9 0 0\n4 0 9 0\n5 0 0 9\n"
    assert read_tsplib(_file(tmp_path, _coordinates(rows, metric=metric))).distances[0, 1] == first


def test_degrees_that_are_rounded_to_nothing_are_warned_of(tmp_path: Path) -> None:
    """And refused where nothing at all is left."""
    berlin = "1 52.5162 13.3777\n2 52.5070 13.3904\n3 52.4811 13.4350\n4 53.5530 13.2910\n5 52.4 13.6\n"
    with pytest.warns(InstanceWarning, match=r"five\.tsp: EUC_2D makes whole numbers of distances"):
        read_tsplib(_file(tmp_path, _coordinates(berlin)))
    with pytest.raises(ConfigError, match="all cities are in one place by EUC_2D, which rounds; EXACT_2D does not"):
        read_tsplib(_file(tmp_path, _coordinates(berlin.replace("53.5530", "52.5530"))))


def test_more_cities_than_fit_are_refused(tmp_path: Path) -> None:
    """A matrix for every worker would not fit into its memory."""
    lines = "".join(f"{node} {node} 0\n" for node in range(1, MOST_CITIES + 2))
    with pytest.raises(ConfigError, match=f"has {MOST_CITIES + 1} cities; from 5 to {MOST_CITIES:,} can be used"):
        read_tsplib(_file(tmp_path, _coordinates(lines, dimension=MOST_CITIES + 1)))


def test_a_tour_is_read_up_to_its_end(tmp_path: Path) -> None:
    """Nodes from 1 become cities from 0; -1 ends the tour."""
    text = "NAME : five.opt.tour\nTYPE : TOUR\nDIMENSION : 5\nTOUR_SECTION\n1 2\n3\n4 5\n-1\nEOF\n"
    assert read_tour(_file(tmp_path, text, "five.opt.tour")) == [0, 1, 2, 3, 4]


@given(text=st.text(alphabet="NAMETYPDIONSCR_: 0123456789.-\n", max_size=200))
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Nothing but a refusal is raised."""
    file = _file(tmp_path_factory.mktemp("any"), f"{text}\n{_coordinates()}")
    with suppress(ConfigError):
        assert read_tsplib(file).cities >= 5


def test_vrplib_reads_the_same_coordinates(tmp_path: Path) -> None:
    """Where both can read a file they agree."""
    file = _file(tmp_path, _coordinates())
    assert vrplib.read_instance(file, compute_edge_weights=False)["node_coord"].tolist() == read_tsplib(file).data.tolist()


def test_published_optimal_tours_have_the_proven_length() -> None:
    """Every metric of distances, against the optima of TSPLIB, tour by tour."""
    folder = published_files("tsplib")
    read = read_instances(folder)
    metrics = set()
    for made in read.instances:
        tour = folder / f"{made.name}.opt.tour"
        if tour.is_file():
            assert price(made, read_tour(tour)) == read.references[made.name], made.name
            metrics.add(made.metric)
    assert metrics >= {"EUC_2D", "ATT", "GEO"}
