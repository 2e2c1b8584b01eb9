"""Commands run by a user who owns nothing here, cannot write the code and has no home, as in an installation that many share."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.sandbox.support.ordinary_user import become

__all__ = ["run_as_another_user"]

ROOT = Path(__file__).parents[3]
_CANNOT = 77


def run_as_another_user(*words: str, environ: Mapping[str, str], reach: Path) -> "subprocess.CompletedProcess[str]":
    """Run a command of this interpreter in a folder; skips the test where this process may not become another user.

    Args:
        words: After the interpreter's name.
        environ: All of its environment but the path.
        reach: The working folder, kept in reach as it is.
    """
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    plan = json.dumps({"words": words, "environ": {"PATH": os.defpath, **environ}, "reach": str(reach)})
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.another_user", plan],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=250,
        check=False,
    )
    if done.returncode == _CANNOT:
        pytest.skip(done.stderr)
    return done


def _main() -> None:
    plan = json.loads(sys.argv[1])
    try:
        become([ROOT, Path(plan["reach"])])
    except OSError as error:
        sys.stderr.write(f"this machine grants no mounts of one's own: {error}")
        raise SystemExit(_CANNOT) from error
    os.chdir(plan["reach"])
    os.execve(sys.executable, [sys.executable, *plan["words"]], plan["environ"])


if __name__ == "__main__":
    _main()
