import subprocess
import sys

import pytest

from evoheur.platform_check import refusal_of_system


def test_linux_is_not_refused() -> None:
    assert refusal_of_system("linux") == ""


@pytest.mark.parametrize(
    ("platform", "words"),
    [
        ("win32", ["Windows", "WSL", "Docker"]),
        ("darwin", ["macOS", "Docker"]),
        ("cygwin", ["Cygwin"]),
        ("aix", ["aix", "Docker"]),
    ],
)
def test_other_systems_are_named_with_a_way_out(platform: str, words: list[str]) -> None:
    message = refusal_of_system(platform)
    assert all(word in message for word in [*words, "needs Linux"])
    assert "\n" not in message


def pretending(platform: str, program: str, *missing: str) -> "subprocess.CompletedProcess[str]":
    """A program in an interpreter that says it runs on another system and lacks some of Linux's modules."""
    hidden = "".join(f"sys.modules[{name!r}] = None; " for name in missing)
    return subprocess.run(
        [sys.executable, "-c", f"import sys; sys.platform = {platform!r}; {hidden}{program}"],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("platform", ["win32", "darwin"])
@pytest.mark.parametrize("program", ["from evoheur.cli.main import main", "import runpy; runpy.run_module('evoheur')"])
def test_every_command_is_refused_in_one_line_elsewhere(platform: str, program: str) -> None:
    """Before anything is imported that the other system does not have."""
    done = pretending(platform, program, "fcntl", "resource", "termios", "typer")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == f"error: {refusal_of_system(platform)}\n"


@pytest.mark.parametrize(
    ("program", "missing"),
    [("import evoheur.sandbox.process", ["resource"]), ("import evoheur.archive.run_lock", ["fcntl"])],
)
def test_a_library_that_needs_linux_says_so(program: str, missing: list[str]) -> None:
    done = pretending("win32", program, *missing)
    assert done.stderr.splitlines()[-1].startswith("ImportError: ")
    assert "Linux" in done.stderr.splitlines()[-1]


def test_what_needs_no_linux_can_be_imported() -> None:
    """The package itself, for its version."""
    assert pretending("darwin", "import evoheur; print(evoheur.__version__)").returncode == 0
