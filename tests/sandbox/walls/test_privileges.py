"""Giving up privileges. Run as root these tests see more, but they hold for anyone."""

import os

from tests.sandbox.walls.support.another_process import printed_by

_STATUS = """
from pathlib import Path
def status(*names):
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return [lines[name].strip() for name in names]
"""

_DROP = (
    _STATUS
    + """
from evoheur.sandbox.walls.privileges import drop_capabilities, may_administer, renounce_new
renounce_new()
drop_capabilities()
print(status("CapInh", "CapPrm", "CapEff", "CapAmb", "NoNewPrivs"), may_administer())
"""
)


def test_capabilities_are_dropped() -> None:
    """Every set is empty afterwards, whoever runs this."""
    assert printed_by(_DROP) == f"{['0' * 16] * 4 + ['1']} False"


def test_bounding_set_is_emptied_by_root() -> None:
    """Root may, and does, empty the bounding set; for anyone else it does not matter, since new privileges are renounced."""
    source = _STATUS + (
        "from evoheur.sandbox.walls.privileges import drop_capabilities\nbefore = status('CapPrm', 'CapBnd')\n"
        "drop_capabilities()\nprint(before[0] == '0' * 16 or status('CapBnd') == ['0' * 16])"
    )
    assert printed_by(source) == "True"


_NOBODY = """
import os
from evoheur.sandbox.walls.privileges import become_nobody
became = become_nobody()
print(became, os.getresuid(), os.getresgid())
"""


def test_root_becomes_nobody() -> None:
    """Root becomes nobody for good, where it is root in more than name; an ordinary user stays the same."""
    user, group = os.getresuid(), os.getresgid()
    told = printed_by(_NOBODY)
    if user[1] != 0:
        assert told == f"True {user} {group}"
    else:
        assert told in {f"True {(65534,) * 3} {(65534,) * 3}", f"False {user} {group}"}
