"""Commands as processes of their own that write to an archive of the working directory, to be interrupted or killed."""

import contextlib
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.end_to_end.support.runs import query

__all__ = ["DATABASE", "asked", "end_all", "start"]

DATABASE = Path("runs/evoheur.db")
ROOT = Path(__file__).parents[4]

_STARTED: list["subprocess.Popen[str]"] = []


def start(*words: str) -> "subprocess.Popen[str]":
    """`evoheur` with these words, whose terminal would be this process's."""
    process = subprocess.Popen(
        [sys.executable, "-m", "evoheur", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    _STARTED.append(process)
    return process


def end_all() -> None:
    """Kill what a test that failed has left behind."""
    while _STARTED:
        process = _STARTED.pop()
        if process.poll() is None:
            process.kill()
            process.communicate()


def asked(least: int) -> None:
    """Wait until the database has so many requests."""
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        with contextlib.suppress(sqlite3.OperationalError):  # there is no file or no table yet
            [(count,)] = query(DATABASE, "SELECT COUNT(*) FROM request")
            if count >= least:
                return
        time.sleep(0.02)
    pytest.fail(f"no {least} requests after four minutes")
