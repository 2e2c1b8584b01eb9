"""The file system of an image, read back as a tar archive."""

import importlib.metadata
import importlib.util
import io
import json
import os
import subprocess
import tarfile
from pathlib import Path, PurePosixPath

import pytest

from evoheur.sandbox.docker.image_contents import contents
from evoheur.sandbox.docker.rootfs import SITE, host_files, tar_stream, variables
from evoheur.sandbox.interface import SandboxUnavailable


def _archive(tree: dict[PurePosixPath, Path | bytes]) -> tarfile.TarFile:
    return tarfile.open(fileobj=io.BytesIO(b"".join(tar_stream(tree))))


def test_a_tree_becomes_an_archive(tmp_path: Path) -> None:
    """Contents, times and the right to execute are kept; owner is root, everyone may read, and folders come before what is in them."""
    program, secret = tmp_path / "program", tmp_path / "secret"
    program.write_bytes(b"x" * 1000)
    program.chmod(0o700)
    secret.write_bytes(b"")
    secret.chmod(0o600)
    os.utime(program, (10**9, 10**9))
    archive = _archive(
        {PurePosixPath("/usr/bin/program"): program, PurePosixPath("/a/secret"): secret, PurePosixPath("/a/b"): b"words"}
    )
    names = archive.getnames()
    assert names.index("usr") < names.index("usr/bin") < names.index("usr/bin/program")
    assert {"proc", "sys", "dev", "tmp", "run"} <= set(names)
    entry = archive.getmember("usr/bin/program")
    assert (entry.mode, entry.mtime, entry.uid, entry.size) == (0o755, 10**9, 0, 1000)
    assert archive.getmember("a/secret").mode == 0o644
    read = archive.extractfile("a/b")
    assert read is not None
    assert read.read() == b"words"
    assert archive.getmember("usr/local/bin/python").linkname == "python3"


def test_long_paths_survive() -> None:
    """Those beyond the 100 bytes of the oldest format as well."""
    path = PurePosixPath("/", *["folder" * 10] * 5, "file")
    assert str(path.relative_to("/")) in _archive({path: b"1"}).getnames()


def test_the_same_files_make_the_same_archive() -> None:
    """Whatever the order in which they were found."""
    one = {PurePosixPath("/a"): b"1", PurePosixPath("/b"): b"2"}
    assert b"".join(tar_stream(one)) == b"".join(tar_stream(dict(reversed(one.items()))))


def test_a_file_that_shrinks_is_noticed() -> None:
    """A kernel file tells 4096 bytes and has fewer."""
    told = Path("/sys/kernel/mm/transparent_hugepage/enabled")
    if not told.exists():
        pytest.skip("this kernel has no file whose size is told wrongly at that place")
    with pytest.raises(SandboxUnavailable, match=r"changed while it was copied"):
        list(tar_stream({PurePosixPath("/x"): told}))


@pytest.mark.slow
def test_this_interpreter_runs_from_its_copy(tmp_path: Path) -> None:
    """Unpacked, with its own libraries, it imports numba from there; what is compiled here is compiled there, with the same time."""
    tree = host_files(contents())
    with tarfile.open(fileobj=io.BytesIO(b"".join(tar_stream(tree)))) as archive:
        archive.extractall(tmp_path, filter="fully_trusted")
    folders = [f"{tmp_path}{folder}" for folder in variables(tree)["LD_LIBRARY_PATH"].split(":")]
    environment = {"LD_LIBRARY_PATH": ":".join(folders), "PYTHONPATH": f"{tmp_path}{SITE}", "PYTHONDONTWRITEBYTECODE": "1"}
    program = "import json, numba; print(numba.__file__, json.__file__, json.__cached__)"
    command = [str(tmp_path / "usr/local/bin/python3"), "-c", program]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    package, standard, compiled = done.stdout.split()
    assert all(path.startswith(str(tmp_path)) for path in (package, standard, compiled))
    here = Path(json.__file__)
    assert Path(compiled).exists() == Path(importlib.util.cache_from_source(here)).exists()
    assert int(Path(standard).stat().st_mtime) == int(here.stat().st_mtime)


def test_a_package_in_editable_form_is_refused() -> None:
    """Its files are somewhere else than it says."""
    if not any(file.name.startswith("__editable__") for file in importlib.metadata.files("evoheur") or ()):
        pytest.skip("evoheur itself is not installed in editable form here")
    with pytest.raises(SandboxUnavailable, match=r"'evoheur' is installed without a list of its files.*pip install"):
        host_files(contents(["evoheur"]))
