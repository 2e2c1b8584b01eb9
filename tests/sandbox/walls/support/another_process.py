"""What a wall does cannot be undone, so it is tried in a process that ends."""

import subprocess
import sys

__all__ = ["printed_by"]


def printed_by(source: str) -> str:
    """What a fresh interpreter prints when it runs the source; its failure is the test's."""
    ended = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()
