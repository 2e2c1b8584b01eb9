"""Processor time of tests, which tells what a test costs whatever else the machine does.

Counted is what this process, its children, and the processes that they have waited for have used since the test before: so what a module's
fixtures cost is the time of the test that came first. A daemon's time, such as that of Docker, is nobody's.
"""

import contextlib
import os
from collections import Counter
from collections.abc import Generator
from pathlib import Path

import pytest

__all__ = ["ProcessorSeconds"]

PROPERTY = "processor_seconds"
_TICKS = os.sysconf("SC_CLK_TCK")


class ProcessorSeconds:
    """A plug-in that measures each test where it runs, and says at the end which modules cost most.

    Args:
        shown: How many modules to name; 0 for none.
    """

    def __init__(self, shown: int) -> None:
        self._shown = shown
        self._before = _used()
        self._of_tests: Counter[str] = Counter()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Leave what a test used as a property of its last report, which crosses from workers and is written into junit's files."""
        report = yield
        if report.when == "teardown":
            now = _used()
            report.user_properties.append((PROPERTY, round(now - self._before, 3)))
            self._before = now
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up what tests used."""
        for name, value in report.user_properties:
            if name == PROPERTY and isinstance(value, float):
                self._of_tests[report.nodeid] += value  # type: ignore[assignment]  # a counter may count anything that adds up

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print a table, the dearest modules first."""
        if not self._shown:
            return
        modules: Counter[str] = Counter()
        for nodeid, seconds in self._of_tests.items():
            modules[nodeid.split("::", 1)[0]] += seconds
        terminalreporter.section(f"{self._of_tests.total():.0f} processor seconds in tests; the dearest modules")
        for module, seconds in modules.most_common(self._shown):
            terminalreporter.write_line(f"{seconds:8.2f} s  {module}")


def _used() -> float:
    # As /proc has it, for this is asked after every test; psutil looks at every process there is to find a child.
    seconds = sum(os.times()[:4])
    for children in Path("/proc/self/task").glob("*/children"):
        found: list[str] = []
        with contextlib.suppress(OSError):  # the thread has ended
            found = children.read_text().split()
        for pid in found:
            with contextlib.suppress(OSError):  # it has ended
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                seconds += sum(map(int, fields[11:15])) / _TICKS
    return seconds
