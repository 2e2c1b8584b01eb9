"""Hands tests to workers by the module, those with slow tests first, so that fixtures are made once and no worker is left idle at the end.

pytest-xdist's own loadgroup deals out single tests: both workers then make each fixture of a module. And a slow test that comes last keeps
one worker busy while the other has nothing to do.
"""

from collections import Counter
from collections.abc import Sequence

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadGroupScheduling

__all__ = ["WholeModules", "slow_modules_first"]

_DEAR = ("tests/end_to_end/", *(f"tests/evoheur/{folder}/" for folder in ("api", "cli", "plots", "run", "ui")))
"""Folders whose tests make runs and processes: a quarter of a second each in the mean, where others take a twentieth."""


class WholeModules(LoadGroupScheduling):  # type: ignore[misc]  # pytest-xdist is not typed
    """Deals out the tests of an `xdist_group` together, as loadgroup does, and all others by their module, in the order collected."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False  # slow_modules_first has put them in order

    def _split_scope(self, nodeid: str) -> str:
        group: str = super()._split_scope(nodeid)
        return group if group != nodeid else _module(nodeid)


def slow_modules_first(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Put modules and groups in order: most slow tests first, then those that make runs, most tests first, then the others.

    Those of a kind keep their places among themselves.
    """
    slow = Counter(_together(item) for item in items if item.get_closest_marker("slow"))
    tests = Counter(map(_together, items))

    def place(item: pytest.Item) -> tuple[int, bool, int]:
        together = _together(item)
        return -slow[together], not together.startswith(_DEAR), -tests[together]

    return sorted(items, key=place)


def _together(item: pytest.Item) -> str:
    group = item.get_closest_marker("xdist_group")
    return str(group.args[0] if group else _module(item.nodeid))


def _module(nodeid: str) -> str:
    return nodeid.split("::", 1)[0]
