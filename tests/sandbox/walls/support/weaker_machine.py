"""A machine that lacks something: the same one, with a filter in front of its kernel."""

import subprocess
import sys

__all__ = ["run_without"]

_WITHOUT = """
from evoheur.sandbox.walls.architecture import this_architecture
from evoheur.sandbox.walls.bpf import ALLOW, CallCase, Filter, refuse
from evoheur.sandbox.walls.privileges import renounce_new
from evoheur.sandbox.walls.seccomp import install
renounce_new()
numbers = {{"unshare": (272, 97), "mount": (165, 40), "landlock_create_ruleset": (444, 444)}}
architecture = this_architecture()
generic = architecture.audit == 0xC00000B7
install(Filter(architecture.audit, [CallCase(numbers[name][generic], refuse()) for name in {calls!r}], otherwise=ALLOW))
"""


def run_without(calls: list[str], source: str) -> str:
    """Run Python source where some system calls fail with EPERM; returns what it printed.

    Args:
        calls: Among "unshare" (no namespaces), "mount" (namespaces, but no mounts in them) and "landlock_create_ruleset".
        source: Run in another process, whose children are under the same restriction.
    """
    script = _WITHOUT.format(calls=calls) + source
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
