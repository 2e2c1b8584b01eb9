"""What the kernel is told about a child."""

import subprocess
import sys

_REPORT = """
import os, resource
from evoheur.sandbox.limits import ChildLimits, confine_child
resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
confine_child(ChildLimits(cpu_seconds=7, address_space=1 << 40))
print([resource.getrlimit(kind) for kind in (
    resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NPROC, resource.RLIMIT_NOFILE)])
"""


def test_limits_are_set_and_never_raised() -> None:
    """Limits hold as given (the hard processor limit one second later), and a stricter one from outside stands."""
    shown = subprocess.run([sys.executable, "-c", _REPORT], capture_output=True, text=True, check=True).stdout
    space = 1 << 40
    assert shown.strip() == str([(7, 8), (space, space), (0, 0), (0, 0), (0, 0), (16, 16)])


def test_children_die_with_the_guest() -> None:
    """The parent-death signal is set: a child whose parent is killed does not live on, even if it does nothing."""
    source = (
        "import os, signal, time\nfrom evoheur.sandbox.limits import ChildLimits, confine_child\n"
        "if os.fork() == 0:\n    confine_child(ChildLimits(cpu_seconds=60, address_space=1 << 40))\n"
        "    os.write(1, b'ready')\n    time.sleep(600)\n"
        "time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.read(5) == b"ready"
        parent.kill()
        # The child holds the other end of this pipe: it ends when the child does, and not before.
        assert parent.stdout.read() == b""
