"""The candidates of a run in MAP-Elites' grid.

For every run, whatever strategy bred its candidates.
"""

from collections.abc import Mapping, Sequence

from pydantic import TypeAdapter, ValidationError

from evoheur.archive.extent import COURSE, MEASURES
from evoheur.archive.reader import ArchiveReader
from evoheur.archive.records import CandidateRecord, RunRecord
from evoheur.candidate import Candidate
from evoheur.components import nearest
from evoheur.errors import ConfigError
from evoheur.strategies.map_elites import MapElitesConfig
from evoheur.strategies.measure_grid import CPU_SECONDS, DEFAULT_GRID, MEASURE_BINS, Bins, EqualCells, Grid

__all__ = ["MEASURE_FORMS", "Grid", "candidate_grid", "read_grid"]

MEASURE_FORMS = "edges such as nodes=0,50,100,200 or equal cells such as nodes=32:1024:10 or nodes=32:1024:10:log2"
"""How the cells of a measure are written."""

_BINS: TypeAdapter[Bins] = TypeAdapter(Bins)


def candidate_grid(run: RunRecord, records: Sequence[CandidateRecord], measures: Sequence[str] = ()) -> Grid:
    """Lay out candidates in a grid over measures of code.

    Each cell has its best candidate.

    Args:
        run: Whose candidates.
        records: Those to lay out; failed ones are left out.
        measures: Such as "nodes", or "nodes=0,50,100,200" with cells; by default the run's own grid, or nodes and calls.

    Raises:
        ConfigError: There is no such measure, or its cells cannot be read.
    """
    candidates = [record.candidate for record in records if record.candidate.objective is not None]
    wanted = _bins_of(measures) if measures else _usual(run)
    _check_names(wanted, candidates)
    filled = Grid(wanted)
    for candidate in candidates:
        filled.add(candidate)
    return filled


def read_grid(
    archive: ArchiveReader, run: RunRecord, measures: Sequence[str] = ()
) -> tuple[Grid, int, Sequence[CandidateRecord]]:
    """Lay out all candidates of a run that work, as `candidate_grid` does, without reading their texts.

    Returns:
        The grid; how many candidates it was filled from; and of the best of each cell, in the order of `Grid.elites`, its record with what
        came of every instance.

    Raises:
        ConfigError: As `candidate_grid`.
    """
    names = [word.partition("=")[0] for word in measures] or [*_usual(run)]
    read = archive.candidates(run.name, extent=COURSE if CPU_SECONDS in names else MEASURES)  # time is that of the instances
    records = [record for record in read if record.candidate.id != 0 and not record.is_simplified]
    filled = candidate_grid(run, records, measures)
    elites = archive.candidates(run.name, [elite.id for elite in filled.elites.values()], extent=COURSE)
    return filled, sum(record.candidate.objective is not None for record in records), elites


def _bins_of(words: Sequence[str]) -> dict[str, Bins]:
    found: dict[str, Bins] = {}
    for word in words:
        name, _, cells = word.partition("=")
        found[name] = _parsed(word, cells) if cells else _known(name)
    return found


def _known(name: str) -> Bins:
    if name not in MEASURE_BINS:
        raise ConfigError(f"There are no usual cells for measure {name!r}{nearest(name, MEASURE_BINS)}; give {MEASURE_FORMS}.")
    return MEASURE_BINS[name]


def _parsed(word: str, cells: str) -> Bins:
    parts = cells.split(":")
    names = ("low", "high", "cells", "scale")
    try:
        if len(parts) == 1:
            return _BINS.validate_python(cells.split(","))
        return EqualCells.model_validate(dict(zip(names[: len(parts)], parts, strict=True)))
    except ValidationError as error:
        raise ConfigError(
            f"--measure {word}: {error.errors()[0]['msg'].removeprefix('Value error, ')}; give {MEASURE_FORMS}."
        ) from error
    except ValueError as error:
        raise ConfigError(f"--measure {word}: {len(parts)} parts; give {MEASURE_FORMS}.") from error


def _usual(run: RunRecord) -> Mapping[str, Bins]:
    """The run's own grid if MAP-Elites bred it, else the usual one."""
    section = run.config.get("strategy")
    if isinstance(section, Mapping) and section.get("kind") == "map_elites":
        return MapElitesConfig.model_validate(section).grid
    return DEFAULT_GRID


def _check_names(wanted: Mapping[str, Bins], candidates: Sequence[Candidate]) -> None:
    """Refuse measures that no candidate has.

    A misspelt one would be 0 everywhere and put all candidates into one cell.
    """
    known = dict.fromkeys([CPU_SECONDS, *(name for candidate in candidates for name in candidate.evaluation.measures)])
    for name in wanted:
        if candidates and name not in known:
            raise ConfigError(f"No candidate has a measure {name!r}{nearest(name, known)}; known: {', '.join(sorted(known))}.")
