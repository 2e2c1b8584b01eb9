"""Where containers call."""

import socket
import stat
import tempfile
from pathlib import Path

import pytest

from evoheur.sandbox.docker.rendezvous import Rendezvous


def test_anybody_may_call_who_gets_there() -> None:
    """The socket takes calls of any user, but the folder around it lets nobody in; all is gone afterwards."""
    with Rendezvous() as meeting:
        path = meeting.folder / Rendezvous.NAME
        assert stat.S_IMODE(path.stat().st_mode) == 0o666
        assert stat.S_IMODE(meeting.folder.stat().st_mode) == 0o755
        assert stat.S_IMODE(meeting.folder.parent.stat().st_mode) == 0o700
        with socket.socket(socket.AF_UNIX) as caller:
            caller.connect(str(path))
            with meeting.accept() as connection:
                connection.sendall(b"x")
                assert caller.recv(1) == b"x"
    assert not meeting.folder.parent.exists()


def test_a_long_path_to_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Longer than the address of a socket may be."""
    folder = tmp_path / ("long" * 30)
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    with Rendezvous() as meeting:
        assert (meeting.folder / Rendezvous.NAME).is_socket()
