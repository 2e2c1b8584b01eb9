"""Remakes the tables of a document from a folder of published files.

Rules that are handed in are set beside those of the textbook.
"""

import argparse
import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from evoheur.errors import ConfigError
from evoheur.problem_loading import load_problem

from .data_sets import DATA_SETS, BaselineTable, DataSet
from .document import block, block_with, rewritten, text_of
from .measure import Score, proven_names, scores

__all__ = ["Competitors", "blocks", "measured", "no_competitors", "remake"]

Competitors = Callable[[BaselineTable], Mapping[str, Callable[[Any], Any]]]
"""Solvers to set beside the textbook rules of a table's problem: name → instance to solution."""

_log = logging.getLogger(__name__)


def no_competitors(table: BaselineTable) -> Mapping[str, Callable[[Any], Any]]:  # noqa: ARG001
    """The textbook rules stay among themselves."""
    return {}


def blocks(root: Path, wanted: Iterable[DataSet], competitors: Competitors = no_competitors) -> dict[str, str]:
    """Name of each data set → its text.

    Args:
        root: Where the folders of published files are.
        wanted: What to measure.
        competitors: What is measured beside the textbook rules.

    Raises:
        ConfigError: Files are missing or broken, or a rule beats a proven optimum.
    """
    return {
        data.name: block(data, [(table, measured(data, table, root, competitors)) for table in data.tables]) for data in wanted
    }


def partly_new(
    root: Path, wanted: Iterable[DataSet], problems: Collection[str], document: str, competitors: Competitors = no_competitors
) -> dict[str, str]:
    """Name of each data set → its text, in which the tables of some problems are measured anew.

    Args:
        root: Where the folders of published files are.
        wanted: Data sets.
        problems: Names of the problems.
        document: Whose other tables are kept.
        competitors: What is measured beside the textbook rules.

    Raises:
        ConfigError: As for `blocks`.
    """
    made = {}
    for data in wanted:
        found = [(table, measured(data, table, root, competitors)) for table in data.tables if table.problem in problems]
        if found:
            made[data.name] = block_with(text_of(document, data.name), data, found)
    return made


def measured(data: DataSet, table: BaselineTable, root: Path, competitors: Competitors = no_competitors) -> list[Score]:
    """Scores of every rule of the table's problem on the data set, then those of its competitors.

    Raises:
        ConfigError: A folder is missing or a file is broken.
    """
    problem = load_problem(table.problem, table.settings)
    problem.warm_up()
    found: list[Score] = []
    for folder in _folders(data, root):
        instances = [each for each in problem.read_instances(folder) if table.only in {"", data.family(each)}]
        proven = {each.name for each in instances} if data.bound else proven_names(folder)
        _log.info("%s: %d instances of %s", table.problem, len(instances), folder)
        beside = competitors(table)
        found += scores(problem, instances, proven, family=data.family, whole=data.whole, competitors=beside)
    return found


def _folders(data: DataSet, root: Path) -> list[Path]:
    folders = sorted(place for pattern in data.folders for place in root.glob(pattern) if place.is_dir())
    if not folders:
        raise ConfigError(
            f"{root} has no folder {' or '.join(data.folders)}; docs/textbook-rules.md says where its files come from."
        )
    return folders


def remake(competitors: Competitors, description: str) -> None:
    """Measure the rules and write the tables, as the command line says.

    Args:
        competitors: What is measured beside the textbook rules.
        description: Of the command.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("data", type=Path, help="folder of published files")
    parser.add_argument("document", type=Path, help="whose tables are written anew")
    names = [data.name for data in DATA_SETS]
    parser.add_argument("--only", nargs="*", choices=names, default=names, metavar="NAME", help=f"of {', '.join(names)}")
    parser.add_argument("--problems", nargs="*", default=[], metavar="PROBLEM", help="tables of these only; the others stay")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    wanted = [data for data in DATA_SETS if data.name in arguments.only]
    document: Path = arguments.document
    try:
        before = document.read_text(encoding="utf-8")
        rewritten(before, {data.name: "" for data in wanted})  # before minutes of measuring
        made = (
            partly_new(arguments.data, wanted, arguments.problems, before, competitors)
            if arguments.problems
            else blocks(arguments.data, wanted, competitors)
        )
        document.write_text(rewritten(document.read_text(encoding="utf-8"), made), encoding="utf-8")
    except ConfigError as error:
        parser.exit(2, f"{error}\n")
