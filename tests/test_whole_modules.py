"""Workers are handed whole modules and groups, slow ones first."""

import pytest

pytest_plugins = ["pytester"]

CONFTEST = """
from pathlib import Path
import pytest
from tests.conftest import pytest_collection_modifyitems, pytest_xdist_make_scheduler

@pytest.fixture(autouse=True)
def told(request, worker_id):
    with Path(__file__).with_name("told").open("a") as file:
        file.write(f"{worker_id} {request.node.nodeid}\\n")
"""
PLAIN = "import pytest\n@pytest.mark.parametrize('number', range({tests}))\ndef test(number): pass\n"
GROUPED = "import pytest\n@pytest.mark.xdist_group('both')\ndef test_grouped(): pass\n"
SLOW = "import pytest\n@pytest.mark.slow\ndef test_slow(): pass\n"


def test_modules_and_groups_stay_together_and_slow_ones_come_first(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nmarkers =\n    slow: takes long\n")
    pytester.makeconftest(CONFTEST)
    modules = {"test_a": PLAIN.format(tests=6), "test_b": PLAIN.format(tests=9), "test_c": PLAIN.format(tests=3) + GROUPED}
    pytester.makepyfile(**modules, test_d=GROUPED, test_e=SLOW)
    pytester.runpytest("-n2", "--dist", "loadgroup", "-p", "no:cacheprovider").assert_outcomes(passed=21)
    told = [line.split() for line in (pytester.path / "told").read_text().splitlines()]
    units = [(worker, node.split("@")[-1].split("::")[0]) for worker, node in told]
    assert len(set(units)) == 5, units  # test_a, b, c, e and the group "both": each with one worker
    first = {worker: next(unit for its, unit in units if its == worker) for worker, _ in units}
    assert set(first.values()) == {"test_e.py", "test_b.py"}
