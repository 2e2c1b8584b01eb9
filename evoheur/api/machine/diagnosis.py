"""Checks of this machine, made the way a run uses it.

A guest is started, a kernel compiled, a database opened.
"""

import importlib
import importlib.metadata
import importlib.util
import os
import platform
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from evoheur.api.machine.granted_resources import Kernel, granted_processors, landlock_abi
from evoheur.api.machine.isolation_levels import diagnose_levels
from evoheur.api.machine.machine_finding import MachineFinding
from evoheur.kernel_cache import KernelCache, choose_guest_cache, kernel_cache
from evoheur.sandbox.docker.daemon_ping import ping_docker
from evoheur.version import __version__

__all__ = ["QUICKSTART_PROBLEM", "diagnose"]

QUICKSTART_PROBLEM = "bin_packing_online"

_GIB = 1024**3
_USES = {"ray": "for evaluation.executor.kind=ray", "docker": "for evaluation.sandbox.kind=docker"}


def diagnose(environ: Mapping[str, str], folder: Path, *, problem: str = QUICKSTART_PROBLEM) -> Iterator[MachineFinding]:
    """Check what this machine offers; some of it takes seconds.

    Args:
        environ: Environment variables; of keys only the names are looked at.
        folder: Where runs would be stored.
        problem: The problem whose own heuristic is run as a candidate.

    Yields:
        Findings, area by area.
    """
    yield from _machine()
    yield from diagnose_levels(problem, environ)
    yield from _means_of_the_jail(Kernel())
    yield _numba()
    yield _kept_kernels("compiled kernels", kernel_cache())
    yield _kept_kernels("kernels of guests", choose_guest_cache(environ))
    yield from _packages()
    reachable, detail = ping_docker(environ)
    yield MachineFinding(
        area="packages", name="docker daemon", ok=reachable, detail=f"{detail} ({_USES['docker']})", value=reachable
    )
    yield _database(folder)
    yield from _keys(environ)


def _machine() -> Iterator[MachineFinding]:
    version = platform.python_version()
    yield MachineFinding(
        area="machine",
        name="python",
        ok=sys.version_info >= (3, 11),
        detail=f"{platform.python_implementation()} {version} at {sys.executable}",
        needed=True,
        remedy="Install Python 3.11 or newer.",
        value=version,
    )
    yield MachineFinding(area="machine", name="platform", ok=True, detail=platform.platform(), value=platform.system())
    kernel, total, granted = Kernel(), os.cpu_count() or 1, granted_processors()
    usable = min(float(granted), kernel.processors() or float(granted))
    detail = f"{usable:g} of {total} usable"
    if usable < total:
        detail += f"; set evaluation.executor.slots to {max(1, int(usable))} in configurations that leave it open"
    yield MachineFinding(area="machine", name="cores", ok=True, detail=detail, value={"total": total, "usable": usable})
    memory = kernel.memory()
    if memory is not None:
        detail = f"{memory[0] / _GIB:.1f} GiB, of which {memory[1] / _GIB:.1f} GiB are available"
        value = {"total_bytes": memory[0], "available_bytes": memory[1]}
        yield MachineFinding(area="machine", name="memory", ok=True, detail=detail, value=value)


def _means_of_the_jail(kernel: Kernel) -> Iterator[MachineFinding]:
    abi = landlock_abi()
    facts: dict[str, tuple[bool, str, Any]] = {
        "user namespaces": (kernel.user_namespaces(), "", kernel.user_namespaces()),
        "landlock": (abi is not None, f", ABI {abi}", abi),
        "seccomp filters": (kernel.seccomp_filters(), "", kernel.seccomp_filters()),
    }
    for name, (ok, more, value) in facts.items():
        detail = f"available{more} (for level jail)" if ok else "not available (for level jail)"
        yield MachineFinding(area="isolation", name=name, ok=ok, detail=detail, value=value)


def _packages() -> Iterator[MachineFinding]:
    yield MachineFinding(area="packages", name="evoheur", ok=True, detail=__version__, value=__version__)
    for name, needed in (("numpy", True), ("sqlalchemy", True), ("openai", True), ("ray", False), ("docker", False)):
        version = _version(name)
        advice = "" if version or needed else f": pip install 'evoheur[{name}]'"
        note = "" if needed else f" ({_USES[name]}{advice})"
        yield MachineFinding(
            area="packages",
            name=f"{name} SDK" if name == "docker" else name,
            ok=version is not None,
            detail=f"{version or 'not installed'}{note}",
            needed=needed,
            remedy=f"Install it: pip install {name}.",
            value=version,
        )


def _version(package: str) -> str | None:
    if importlib.util.find_spec(package) is None:
        return None
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _numba() -> MachineFinding:
    finding = MachineFinding(
        area="packages",
        name="numba",
        ok=False,
        detail="",
        needed=True,
        remedy="Install a numba that fits your Python and NumPy: pip install --upgrade numba.",
    )
    start = time.monotonic()
    try:
        numba = importlib.import_module("numba")
    except (ImportError, OSError) as error:
        return replace(finding, detail=f"cannot be imported: {error}")
    try:
        total = numba.njit(_sum_below)(5)
    except (numba.errors.NumbaError, OSError) as error:
        return replace(finding, detail=f"{numba.__version__} does not compile: {error}")
    seconds = time.monotonic() - start
    if total != _sum_below(5):
        return replace(finding, detail=f"{numba.__version__} computes {total} where Python computes {_sum_below(5)}")
    return replace(finding, ok=True, detail=f"{numba.__version__}, compiles in {seconds:.1f} s", value=numba.__version__)


def _kept_kernels(name: str, cache: KernelCache) -> MachineFinding:
    place = "" if cache.folder is None else f" in {str(cache.folder)!r}"
    detail = f"kept{place}: {cache.reason}" if cache.kept else cache.notice
    value = {"kept": cache.kept, "folder": None if cache.folder is None else str(cache.folder)}
    return MachineFinding(area="packages", name=name, ok=cache.kept, detail=detail, value=value)


def _sum_below(limit: int) -> int:
    total = 0
    for number in range(limit):
        total += number
    return total


def _database(folder: Path) -> MachineFinding:
    version = sqlite3.sqlite_version
    finding = MachineFinding(
        area="database",
        name="sqlite",
        ok=False,
        detail="",
        needed=True,
        remedy="Work in a folder on a local disk that you may write to, or name a database elsewhere with --archive.",
        value=version,
    )
    try:
        with (
            tempfile.TemporaryDirectory(prefix=".evoheur-doctor-", dir=folder) as probe,
            closing(sqlite3.connect(Path(probe) / "probe.db")) as connection,
        ):
            mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
            connection.execute("CREATE TABLE probe (id INTEGER)")
    except (OSError, sqlite3.Error) as error:
        return replace(finding, detail=f"SQLite {version} cannot write in {str(folder)!r}: {error}")
    if mode != "wal":
        return replace(finding, detail=f"SQLite {version} has no write-ahead log in {str(folder)!r}: its mode stays {mode!r}")
    return replace(finding, ok=True, detail=f"SQLite {version} with write-ahead log in {str(folder)!r}")


def _keys(environ: Mapping[str, str]) -> Iterator[MachineFinding]:
    others = sorted(name for name in environ if name.endswith("_API_KEY") and name != "OPENAI_API_KEY")
    for name in ("OPENAI_API_KEY", *others):
        found = bool(environ.get(name, "").strip())
        detail = "set" if found else "not set; only runs with a model behind a key need one"
        yield MachineFinding(area="keys", name=name, ok=found, detail=detail, value=found)
