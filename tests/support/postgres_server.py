"""A PostgreSQL server of the tests' own, from the system's package, on a unix socket in a folder of its own."""

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

__all__ = ["PostgresServer", "postgres_server", "programs_folder"]

_USER = "evoheur"
_WAIT = 60.0  # seconds for a server to start, on a machine that has much else to do


def programs_folder() -> Path | None:
    """Where the newest installed server's programs are; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    anywhere = found[-1] if found else shutil.which("initdb")
    return Path(anywhere).parent if anywhere else None


class PostgresServer:
    """A server with a data folder of its own, which goes away with this process.

    Attributes:
        folder: Its data and its socket.
    """

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self.folder = folder
        self._names = itertools.count(1)
        self._process: subprocess.Popen[bytes] | None = None
        options = ["--no-sync", "--auth=trust", f"--username={_USER}", "--encoding=UTF8", "--locale=C.UTF-8"]
        self._command("initdb", f"--pgdata={folder / 'data'}", *options)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = {"listen_addresses": "", "unix_socket_directories": str(self.folder), "fsync": "off", "max_connections": "60"}
        words = [str(self._programs / "postgres"), "-D", str(self.folder / "data")]
        words += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen([*_as_user("--pdeathsig=INT"), *words], stdout=log, stderr=log, cwd="/")
        deadline = time.monotonic() + _WAIT
        ready = [str(self._programs / "pg_isready"), "-q", "-h", str(self.folder), "-U", _USER]
        while subprocess.run(ready, check=False).returncode:
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The server did not start: {(self.folder / 'log').read_text()}")
            time.sleep(0.05)

    def stop(self, *, at_once: bool = False) -> None:
        """Stop it: connections are cut with a word, or at once as by a crash. Harmless when repeated."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT if at_once else signal.SIGINT)
            self._process.wait(timeout=_WAIT)
            self._process = None

    def url(self, database: str) -> str:
        """The address of a database."""
        return f"postgresql+psycopg://{_USER}@/{database}?host={self.folder}"

    def new_database(self, template: str = "template0") -> str:
        """Make a database, and return its address."""
        name = f"test_{next(self._names)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Delete a database, whoever is connected to it."""
        self.execute(f"DROP DATABASE {url.split('@/')[1].split('?', maxsplit=1)[0]} WITH (FORCE)")

    def execute(self, statement: str) -> None:
        """Execute a statement on the server as a whole."""
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def _command(self, program: str, *words: str) -> None:
        done = subprocess.run(
            [*_as_user(), str(self._programs / program), *words], capture_output=True, text=True, check=False, cwd="/"
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stdout}{done.stderr}")


def _as_user(*options: str) -> list[str]:
    """Words before a command, since the server refuses to run as root."""
    as_postgres = ["--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
    return ["setpriv", *as_postgres, *options] if as_postgres or options else []


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """A running server; the test is skipped where PostgreSQL or its driver is not installed."""
    pytest.importorskip("psycopg", reason="the driver of PostgreSQL is not installed: pip install 'evoheur[postgres]'")
    programs = programs_folder()
    if programs is None or shutil.which("setpriv") is None:
        pytest.skip("PostgreSQL is not installed; on Debian: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="evoheur-pg-"))
    try:
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
        server = PostgresServer(programs, folder)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
