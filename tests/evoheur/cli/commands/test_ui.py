"""`evoheur ui`: what it refuses before it serves anything."""

import socket
import subprocess
import sys

import pytest

from tests.evoheur.cli.support.invoking import refusal


def test_a_port_that_is_taken_is_named_with_the_remedy() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"Port {port} of 127.0.0.1 cannot be had: Address already in use; leave --port out" in refusal(
            "ui", "--port", str(port)
        )


@pytest.mark.parametrize(
    "token", ["short", "with a space in it, though long", "x" * 15, "semi;colon;semi;colon", "ümlaut-ümlaut-ümlaut"]
)
def test_a_token_that_can_be_guessed_or_not_be_sent_is_refused(token: str) -> None:
    assert "must be a secret of 16 or more letters and digits" in refusal("ui", "--token", token)


def test_a_port_that_is_none_is_refused() -> None:
    assert "--port" in refusal("ui", "--port", "70000")


@pytest.mark.parametrize("package", ["plotly", "starlette", "uvicorn"])
def test_without_the_extra_one_sentence_says_what_to_install(package: str) -> None:
    """In a process that lacks one of its packages."""
    program = f"import sys; sys.modules[{package!r}] = None; from evoheur.cli.main import run; sys.exit(run(['ui']))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 2, done
    assert done.stderr == f"error: The web view needs {package}; install what it needs with: pip install 'evoheur[ui]'\n"
