"""Planning and writing files of solutions.

One file, or one per instance in a folder.
"""

import re
from pathlib import Path
from typing import Any

from evoheur.errors import ConfigError
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.instance_files import READER_FAULTS
from evoheur.problem import Instance, Json, Problem

__all__ = ["planned_files", "write_solution"]

_JSON = ".json"
_LONGEST = 120  # letters of a file's name


def planned_files(output: Path, source: Path, *, problem: Problem[Any], instances: InstanceSet, force: bool) -> dict[str, Path]:
    """Decide which file every solution goes to.

    Checks that it can be written, before anything is solved.

    Args:
        output: A file for one instance, a folder for several; the latter is made if it is not there.
        source: Where the instances come from; a folder asks for a folder.
        problem: Has its own form of solutions, and the suffix of such files.
        instances: What will be solved.
        force: Replace files that exist.

    Returns:
        Name of the instance → file.

    Raises:
        ConfigError: A file exists, is an instance file, or is where a folder must be; or the folder cannot be made.
    """
    number = len(instances.instances)
    if number == 1 and not source.is_dir() and not output.is_dir():
        if not output.parent.is_dir():
            raise ConfigError(f"There is no folder {str(output.parent)!r} for -o {output}; make it first.")
        files = {instances.instances[0].name: output}
    else:
        if output.is_file() or output.suffix in {problem.solution_suffix, _JSON}:
            raise ConfigError(
                f"-o {output} is one file, and {source} holds {number} instances or is a folder; name a folder instead."
            )
        files = _in_folder(output, instances, problem.solution_suffix)
    for file in files.values():
        if file.exists() and source.exists() and file.samefile(source):
            raise ConfigError(f"-o {output} is the instance itself; name another file.")
        if file.exists() and not force:
            raise ConfigError(f"{str(file)!r} exists already; name another place, or pass --force to replace it.")
    try:
        if output not in files.values():
            output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"The folder {str(output)!r} cannot be made ({error.strerror}); name one that can.") from error
    return files


def write_solution(file: Path, problem: Problem[Any], instance: Instance, solution: Json) -> None:
    """Write a solution to a file.

    In the problem's form, or as JSON where the file's suffix asks for that.

    Raises:
        ConfigError: The file cannot be written, or the problem's own writer fails.
    """
    as_json = file.suffix.lower() == _JSON != problem.solution_suffix
    try:
        text = Problem.write_solution(problem, instance, solution) if as_json else problem.write_solution(instance, solution)
    except READER_FAULTS as error:
        kind = type(problem).__name__
        raise ConfigError(
            f"{kind}.write_solution fails for {instance.name!r} ({type(error).__name__}: {error}); correct it."
        ) from error
    try:
        file.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise ConfigError(f"{str(file)!r} cannot be written ({error.strerror}); name a file that you may write.") from error


def _in_folder(folder: Path, instances: InstanceSet, suffix: str) -> dict[str, Path]:
    files: dict[str, Path] = {}
    taken: set[str] = set()
    for instance in instances.instances:
        stem = re.sub(r"[^\w.+-]+", "_", instance.name)[:_LONGEST].lstrip(".") or "instance"
        name = next(name for number in range(len(taken) + 1) if (name := f"{stem}-{number}" if number else stem) not in taken)
        taken.add(name)
        files[instance.name] = folder / f"{name}{suffix}"
    return files
