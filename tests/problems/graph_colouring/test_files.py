"""Reading graphs."""

import json
from pathlib import Path

import pytest
from hypothesis import given

from evoheur.errors import ConfigError
from evoheur.instance_files import OutsideLimits
from evoheur.problems.graph_colouring.files import MOST_VERTICES, read_instances
from evoheur.problems.graph_colouring.instance import GraphInstance
from evoheur.problems.graph_colouring.problem import GraphColouring

from .support.made_up import small_graphs

DIMACS = "c a triangle with a tail\nc\np edge 4 4\ne 1 2\ne 3 1\ne 2 3\ne 3 4\ne 4 3\n"


def written(folder: Path, name: str, text: str) -> Path:
    """A file in the folder."""
    file = folder / name
    file.write_text(text)
    return file


def test_a_file_of_dimacs(tmp_path: Path) -> None:
    """An edge that stands there twice counts once."""
    read = read_instances(written(tmp_path, "tail.col", DIMACS))
    [made] = read.instances
    assert (made.name, made.family, made.vertices, read.references) == ("tail", tmp_path.name, 4, {})
    assert made.edges.tolist() == [[0, 1], [0, 2], [1, 2], [2, 3]]


def test_fewest_known_colours_are_the_reference(tmp_path: Path) -> None:
    written(tmp_path, "tail.col", DIMACS)
    written(tmp_path, "optima.csv", "name,best_known\ntail,3\n")
    problem = GraphColouring()
    [made] = problem.read_instances(tmp_path)
    assert problem.reference(made) == 3.0


@given(made=small_graphs())
def test_what_is_written_as_json_is_read(made: GraphInstance, tmp_path_factory: pytest.TempPathFactory) -> None:
    entry = {"name": "g", "vertices": made.vertices, "edges": made.edges.tolist(), "colours": 2}
    found = read_instances(written(tmp_path_factory.mktemp("json"), "g.json", json.dumps([entry])))
    [read] = found.instances
    assert (read.name, read.vertices, read.edges.tolist()) == ("g", made.vertices, made.edges.tolist())
    assert found.references == {"g": 2.0}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("g.col", "e 1 2\n", "line 1 is 'e 1 2'"),
        ("g.col", "c nothing\n", "no line `p edge"),
        ("g.col", "p edge 3 1\np edge 3 1\n", "line 2 is"),
        ("g.col", "p edge 0 0\n", "as the number of vertices"),
        ("g.col", "p edge 3 1\ne 1 4\n", "has the vertex '4'; give a whole number in 1..3"),
        ("g.col", "p edge 3 1\ne 1 x\n", "has the vertex 'x'"),
        ("g.col", "p edge 3 1\ne 2 2\n", "joins vertex 1"),
        ("g.json", "{", "is not JSON"),
        ("g.json", '{"vertices": 3}', "entry 1 is"),
        ("g.json", '{"vertices": 3, "edges": [[0, 3]]}', "has the edge"),
        ("g.json", '{"vertices": 3, "edges": [[0, true]]}', "has the edge"),
        ("g.json", '{"vertices": true, "edges": []}', "as the number of vertices"),
        ("g.json", '{"vertices": 3, "edges": [], "colours": 0}', "as the fewest colours known"),
    ],
)
def test_a_broken_file_is_named_with_what_is_wrong(tmp_path: Path, name: str, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        read_instances(written(tmp_path, name, text)).complete()


def test_a_graph_that_is_too_large_is_outside_the_limits(tmp_path: Path) -> None:
    with pytest.raises(OutsideLimits, match=rf"at most {MOST_VERTICES} are read"):
        read_instances(written(tmp_path, "g.col", f"p edge {MOST_VERTICES + 1} 0\n")).complete()
