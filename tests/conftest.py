"""Fixtures that many tests share."""

import gc
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from xdist.remote import Producer

from tests.support.docker_here import require_docker
from tests.support.example_budget import load_profiles
from tests.support.kernel_warm_up import WORTH_IT, problem_families, warm_up
from tests.support.night_shift import send_into_the_night, stale_entries
from tests.support.postgres_server import PostgresServer, postgres_server
from tests.support.processor_seconds import ProcessorSeconds
from tests.support.rewritten_tests import rewrite_share
from tests.support.whole_modules import WholeModules, slow_modules_first

ROOT = Path(__file__).parents[1]

load_profiles()


def pytest_addoption(parser: pytest.Parser) -> None:
    """An option of our own beside --durations."""
    parser.addoption(
        "--processor-seconds", type=int, default=0, metavar="N", help="name the N modules that cost most processor time"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Measure the processor time of tests."""
    config.pluginmanager.register(ProcessorSeconds(config.getoption("--processor-seconds")))


def pytest_sessionstart(session: pytest.Session) -> None:
    """In a worker of a run of all tests, prepare its share of the modules for all workers."""
    config = session.config
    told = getattr(config, "workerinput", None)
    if told is not None and _is_whole(config):
        number = int(told["workerid"].removeprefix("gw"))
        rewrite_share(config, sorted((ROOT / "tests").rglob("test_*.py")), worker=number, workers=told["workercount"])


@pytest.hookimpl(tryfirst=True)  # before pytest looks at marks to leave tests out
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Repetitions wait for the night; in a worker of pytest-xdist, what takes long comes first.

    Raises:
        UsageError: The tables of what waits for the night name a test that there is not, in a run of all tests. Or tests of commands have
            lost the folder of their own, and would write into this one: where files of one folder are
            named apart, pytest 9.1 gives the fixtures of its conftest.py to the first of them only.
    """
    lost = [
        item.nodeid for item in items if _works_with_commands(item) and "_own_folder" not in getattr(item, "fixturenames", ())
    ]
    if lost:
        raise pytest.UsageError(f"pytest gives {lost[0]} nothing of its conftest.py; name all files of one folder in a row.")
    if _is_whole(config) and (stale := stale_entries([item.nodeid for item in items])):
        raise pytest.UsageError(f"tests/support/night_shift.py names tests that are no more: {', '.join(stale)}.")
    send_into_the_night(items)
    if hasattr(config, "workerinput"):
        items[:] = slow_modules_first(items)


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end, so the garbage collector need not look through it ever again."""
    gc.collect()
    gc.freeze()


def _is_whole(config: pytest.Config) -> bool:
    """Whether all tests were asked for."""
    return {config.invocation_params.dir / path for path in config.args} == {ROOT / "tests"}


def _works_with_commands(item: pytest.Item) -> bool:
    return item.nodeid.startswith("tests/evoheur/cli/")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> WholeModules | None:
    """Deal out whole modules with `--dist loadgroup`."""
    return WholeModules(config, log) if config.getoption("dist") == "loadgroup" else None


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist, in the process that hands out the tests
def pytest_xdist_node_collection_finished(node: object, ids: Sequence[str]) -> None:
    """Before the first worker runs its first test, have kernels compiled, if this is a run of many tests."""
    if len(ids) >= WORTH_IT:
        warm_up(os.environ, problem_families())


@pytest.fixture(scope="session")
def scheduling(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Folder of a small problem in one file, scheduling jobs as they arrive, copied so that tests may change it."""
    folder = tmp_path_factory.mktemp("problems") / "list_scheduling"
    folder.mkdir()
    shutil.copy(ROOT / "tests" / "list_scheduling" / "problem.py", folder)
    return str(folder)


@pytest.fixture(scope="session")
def docker_image() -> str:
    """Name of the image for candidates; tests that ask for it are skipped, with the reason, where no Docker daemon answers."""
    return require_docker()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A database server of this process's own; tests that ask for it are skipped, with the reason, where PostgreSQL is not installed."""
    with postgres_server() as server:
        yield server
