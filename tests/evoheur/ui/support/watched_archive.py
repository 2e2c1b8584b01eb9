"""Archives with runs that the view shows, and runs that write to them meanwhile."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import evoheur
from tests.evoheur.cli.support.scripted import KIND

__all__ = ["ROOT", "discover_packing", "discover_tiny", "live_run", "tiny_settings"]

ROOT = Path(__file__).parents[4]


def tiny_settings(scheduling: str, **changes: Any) -> dict[str, Any]:
    """A configuration that runs in a second, without a jail; of 11 replies, 9 become candidates."""
    return {
        "problem": scheduling,
        "strategy": {"kind": "eoh", "population_size": 3, "parents": 2},
        "generator": {"kind": KIND},
        "evaluation": {
            "sandbox": {"kind": "process"},
            "executor": {"kind": "local", "slots": 1},
            "limits": {"memory_mib": 256},
        },
        "budget": {"evaluations": 9},
        "validation": {"top": 2},
        "in_flight": 1,
        **changes,
    }


def discover_tiny(archive: Path, scheduling: str, name: str, **changes: Any) -> evoheur.Result:
    """A finished run of `tiny_settings` in an archive."""
    return evoheur.discover(tiny_settings(scheduling, **changes), archive=archive, name=name)


def discover_packing(archive: Path, name: str) -> evoheur.Result:
    """A finished run of a problem that has textbook rules, with five heuristics of the offline generator."""
    settings = tiny_settings(
        "bin_packing_online", strategy={"kind": "random"}, generator={"kind": "mutator"}, budget={"evaluations": 5}
    )
    return evoheur.discover(settings, archive=archive, name=name)


@contextmanager
def live_run(archive: Path, scheduling: str, name: str, **changes: Any) -> Iterator["subprocess.Popen[bytes]"]:
    """A run in a process of its own that writes to an archive; killed at the end if it still goes on."""
    config = archive.with_name(f"{name}.yaml")
    config.write_text(json.dumps(tiny_settings(scheduling, **changes)))
    process = subprocess.Popen(
        [sys.executable, "-m", "evoheur", "run", str(config), "--name", name, "--archive", f"sqlite:///{archive}", "--quiet"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
