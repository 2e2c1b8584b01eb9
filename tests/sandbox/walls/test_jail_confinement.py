"""Which walls are raised, and what happens where one cannot be."""

import pytest

from evoheur.sandbox.limits import ConfinementRefused, IsolationInForce
from evoheur.sandbox.walls.jail_confinement import Jail, Survey, choose
from tests.sandbox.walls.support.weaker_machine import run_without

_STRONG = Survey(filters="", landlock="", namespaces="")
_NO_NAMESPACES = Survey(filters="", landlock="", namespaces="unshare: not permitted")
_NO_LANDLOCK = Survey(filters="", landlock="too old", namespaces="")
_NO_FILE_WALL = Survey(filters="", landlock="too old", namespaces="unshare: not permitted")
_NO_FILTERS = Survey(filters="too old", landlock="", namespaces="")


@pytest.mark.parametrize(
    ("wanted", "found", "level", "reason"),
    [
        ("auto", _STRONG, "jail-L1", ""),
        ("L1", _STRONG, "jail-L1", ""),
        ("L0", _STRONG, "jail-L0", ""),
        ("auto", _NO_NAMESPACES, "jail-L0", "no namespaces: unshare: not permitted"),
        ("L0", _NO_NAMESPACES, "jail-L0", ""),
        # A root of one's own is a wall before files as well.
        ("auto", _NO_LANDLOCK, "jail-L1", "too old"),
        ("L1", _NO_LANDLOCK, "jail-L1", "too old"),
    ],
)
def test_choice(wanted: str, found: Survey, level: str, reason: str) -> None:
    """The strongest wanted level, with the reason if a stronger one was wanted too."""
    assert choose(wanted, found) == IsolationInForce(level=level, reason=reason)


@pytest.mark.parametrize(
    ("wanted", "found", "words"),
    [
        ("L1", _NO_NAMESPACES, "unshare: not permitted. Allow user namespaces"),
        ("L0", _NO_LANDLOCK, "cannot keep files from a candidate: too old. Take another"),
        (
            "auto",
            _NO_FILE_WALL,
            "cannot keep files from a candidate: too old, and namespaces are refused: unshare: not permitted.",
        ),
        *((wanted, _NO_FILTERS, "filter for system calls: too old") for wanted in ("auto", "L0", "L1")),
    ],
)
def test_refusal(wanted: str, found: Survey, words: str) -> None:
    """Without the wanted level, or a wall before the files, or a filter, nothing is run; the message says what is missing."""
    with pytest.raises(ConfinementRefused, match=words):
        choose(wanted, found)


def test_survey_comes_first() -> None:
    """A guest that will be refused is told so before any wall stands."""
    asked: list[str] = []

    def look() -> Survey:
        asked.append("survey")
        return _NO_FILE_WALL

    with pytest.raises(ConfinementRefused):
        Jail("auto", [], look).confine_guest()
    assert asked == ["survey"]


_OPEN = """
from evoheur.sandbox.jail import JailSandbox
from evoheur.sandbox.interface import Entry, Limits, SandboxUnavailable
sandbox = JailSandbox(Entry(module="evoheur.testing.hostile_entry", payload={{}}), level={level!r})
try:
    session, _ = sandbox.open("def answer(q): return q", Limits())
    with session:
        print(session.ask(42).value, sandbox.level, sandbox.reason)
except SandboxUnavailable as error:
    print("Unavailable", str(error).splitlines()[-1])
sandbox.close()
"""


@pytest.mark.parametrize(
    ("missing", "level", "told"),
    [
        (["unshare"], "auto", "42 jail-L0 no namespaces: unshare: Operation not permitted"),
        # Some distributions let an ordinary user make namespaces and then refuse what makes them useful.
        (["mount"], "auto", "42 jail-L0 no namespaces: mount on /: Operation not permitted"),
        (["unshare"], "L1", "Unavailable The jail at level L1 needs namespaces"),
        (["landlock_create_ruleset"], "auto", "42 jail-L1 this kernel has no Landlock"),
        (["landlock_create_ruleset"], "L0", "Unavailable The jail cannot keep files from a candidate"),
        (["landlock_create_ruleset", "unshare"], "auto", "Unavailable The jail cannot keep files from a candidate"),
    ],
)
def test_weaker_machines(missing: list[str], level: str, told: str) -> None:
    """Falling back, and failing closed, on a machine that really refuses."""
    assert run_without(missing, _OPEN.format(level=level)).startswith(told)
