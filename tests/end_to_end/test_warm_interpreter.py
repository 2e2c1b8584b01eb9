"""A process of the warm interpreter is what a started one is, to a program and to whoever runs it."""

import json
import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.end_to_end.support.runs import command, environment
from tests.end_to_end.support.warm_interpreter import run_warm, warm_program

SEEN = """
import json, os, sys
print(json.dumps([os.getcwd(), dict(os.environ), sys.path, sys.argv[1:], sys.stdin.read(), __name__, sys.stdout.isatty()]))
print("warned", file=sys.stderr)
sys.exit(7)
"""


def started(*words: str, cwd: Path, env: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        words, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60
    )


def test_code_sees_what_it_would_see_in_an_interpreter_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    env = environment({"MINE": "1", "PYTHONPATH": str(tmp_path / "own")})
    warm = run_warm([], code=SEEN, cwd=tmp_path, env=env)
    cold = started(sys.executable, "-c", SEEN, cwd=tmp_path, env=env)
    assert (warm.returncode, warm.stderr) == (cold.returncode, cold.stderr) == (7, "warned\n")
    assert json.loads(warm.stdout) == json.loads(cold.stdout)


@pytest.mark.parametrize("words", [("--version",), ("runs",), ("best", "--nonsense"), ("plugins", "--all")])
def test_a_command_ends_and_says_as_one_that_is_started(tmp_path: Path, words: tuple[str, ...]) -> None:
    env = environment()
    warm, cold = run_warm(words, cwd=tmp_path, env=env), started(*command(*words), cwd=tmp_path, env=env)
    assert (warm.returncode, warm.stdout, warm.stderr) == (cold.returncode, cold.stdout, cold.stderr)


def test_programs_in_a_pipe_run_side_by_side_with_the_streams_of_the_shell(tmp_path: Path) -> None:
    path = os.pathsep.join([str(warm_program()), os.environ["PATH"]])
    script = "evoheur --version | cat; evoheur runs 2>said; echo $?; cat said | wc -l"
    done = started("bash", "-c", script, cwd=tmp_path, env=environment({"PATH": path}))
    version, code, lines = done.stdout.splitlines()
    assert (version.split()[0], code, lines.strip()) == ("evoheur", "2", "1")


def test_one_that_takes_too_long_is_killed(tmp_path: Path) -> None:
    with pytest.raises(TimeoutError, match=r"process \d+ was killed") as told:
        run_warm([], code="import time\ntime.sleep(600)", cwd=tmp_path, env=environment(), timeout=0.5)
    process = Path("/proc", re.findall(r"\d+", str(told.value))[0])
    while process.exists():  # until the interpreter has waited for it
        time.sleep(0.01)


def test_a_process_that_dies_is_told_as_one(tmp_path: Path) -> None:
    assert run_warm([], code="import os\nos.kill(os.getpid(), 9)", cwd=tmp_path, env=environment()).returncode == -9


@pytest.mark.parametrize("end", ["", "sys.exit()", "sys.exit(3)", "sys.exit(-1)", "sys.exit('why')", "1 / 0"])
def test_it_ends_as_an_interpreter_does(tmp_path: Path, end: str) -> None:
    """With all that was printed, what is to be done at the end, the threads that still run, and its exit code."""
    late = "threading.Thread(target=lambda: (time.sleep(0.1), print('thread'))).start()"
    code = f"import atexit, sys, threading, time\natexit.register(print, 'at the end')\n{late}\nprint('printed')\n{end}"
    env = environment()
    warm, cold = run_warm([], code=code, cwd=tmp_path, env=env), started(sys.executable, "-c", code, cwd=tmp_path, env=env)
    assert (warm.returncode, warm.stdout) == (cold.returncode, cold.stdout)
    assert bool(warm.stderr) is bool(cold.stderr)


def test_a_reader_that_goes_away_is_told_as_by_an_interpreter(tmp_path: Path) -> None:
    path = os.pathsep.join([str(warm_program()), os.environ["PATH"]])
    script = "set -o pipefail; {} --help | true; echo $?"
    codes = [
        started("bash", "-c", script.format(program), cwd=tmp_path, env=environment({"PATH": path})).stdout
        for program in ("evoheur", shlex.join(command()))
    ]
    assert codes[0] == codes[1]
