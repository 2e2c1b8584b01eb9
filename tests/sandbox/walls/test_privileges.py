"""Giving up privileges. Run as root these tests see more, but they hold for anyone."""

import os
from pathlib import Path

from tests.sandbox.walls.another_process import printed_by

_STATUS = """
from pathlib import Path
def status(*names):
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return [lines[name].strip() for name in names]
"""

_DROP = (
    _STATUS
    + """
from sandbox.walls.privileges import drop_capabilities, may_administer, renounce_new
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
        "from sandbox.walls.privileges import drop_capabilities\nbefore = status('CapPrm', 'CapBnd')\n"
        "drop_capabilities()\nprint(before[0] == '0' * 16 or status('CapBnd') == ['0' * 16])"
    )
    assert printed_by(source) == "True"


_NOBODY = """
import os
from pathlib import Path
from sandbox.walls.privileges import become_nobody
from sandbox.walls.view import View
became = become_nobody(View(folders=(Path({folder!r}),)))
print(became, os.getresuid(), os.getresgid())
"""


def test_root_becomes_nobody_or_stays(tmp_path: Path) -> None:
    """Root becomes nobody only if nobody can read what is needed; an ordinary user stays the same."""
    tmp_path.chmod(0o700)
    told = printed_by(_NOBODY.format(folder=str(tmp_path)))
    user, group = os.getresuid(), os.getresgid()
    assert told == f"{user[1] != 0} {user} {group}"
    reachable = printed_by(_NOBODY.format(folder="/"))
    if user[1] == 0 and os.access(os.__file__, os.R_OK) and _others_may_read(Path(os.__file__)):
        assert reachable == f"True {(65534,) * 3} {(65534,) * 3}"
    else:
        assert reachable == f"{user[1] != 0} {user} {group}"


def _others_may_read(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o004) and all(folder.stat().st_mode & 0o001 for folder in path.parents)
