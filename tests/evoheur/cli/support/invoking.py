"""Commands run in this process, and what they wrote."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

from evoheur.cli.main import run


class Result(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """What `--json` wrote."""
        return json.loads(self.out)


def evoheur(*words: str) -> Result:
    """Run one command line as `main` would."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(words)
    return Result(code, out.getvalue(), err.getvalue())


def refusal(*words: str) -> str:
    """Run a command that must be refused: exit 2, nothing on standard output, exactly one line on standard error."""
    done = evoheur(*words)
    assert done.code == 2, done
    assert done.out == ""
    assert done.err.startswith("error: ")
    assert done.err.count("\n") == 1, done.err
    return done.err


def files(folder: Path) -> dict[str, bytes]:
    """Everything in a folder: path → content."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
