"""`evoheur sandbox build`."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from evoheur.sandbox.docker.image_contents import contents
from tests.evoheur.cli.support.invoking import evoheur, refusal


def test_build_explains_itself_with_an_example() -> None:
    done = evoheur("sandbox", "build", "--help")
    assert done.code == 0
    assert "Example: evoheur sandbox build --with scipy" in done.out


def test_show_tells_the_image_and_needs_no_daemon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    done = evoheur("sandbox", "build", "--show", "--json")
    assert done.code == 0
    assert (done.document["image"], done.document["built"]) == (contents().image, False)
    assert done.document["packages"].keys() >= {"numpy", "numba", "vrplib"}
    assert evoheur("sandbox", "build", "--show").out.startswith(f"{contents().image}; Python ")


def test_a_package_that_is_not_there_is_refused() -> None:
    assert "'no-such-thing' is not installed" in refusal("sandbox", "build", "--with", "no-such-thing")


def test_no_daemon_is_one_line_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("docker", reason="the Docker SDK is not installed: pip install 'evoheur[docker]'")
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    done = evoheur("sandbox", "build")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error: No Docker daemon answers at unix:///nowhere/docker.sock: ")
    assert done.err.count("\n") == 1


@pytest.mark.docker
def test_an_image_that_is_there_is_not_built_again(docker_image: str) -> None:
    """It may get another name on the way, under which a configuration can ask for it."""
    name = f"evoheur-test:another-{os.getpid()}"  # images are the daemon's, which serves other runs of these tests as well
    done = evoheur("sandbox", "build", "--tag", name)
    assert done.code == 0
    assert f"{docker_image}: there already" in done.out
    from evoheur.sandbox.docker.daemon import Daemon  # noqa: PLC0415 - needs the Docker SDK

    with Daemon(seconds=30) as daemon:
        assert daemon.has_image(name)
        daemon.client.images.remove(name)


@pytest.mark.docker
@pytest.mark.slow
@pytest.mark.usefixtures("docker_image")
def test_a_run_in_containers(write_config: Callable[..., str], tmp_path: Path) -> None:
    """A whole discovery with a problem of the user's own: the level is named, and the scores are those of the jail."""
    documents = []
    for kind, name in (("docker", "boxed"), ("jail", "jailed")):
        url = f"sqlite:///{tmp_path}/{name}.db"
        done = evoheur("run", write_config(), "--name", name, "--archive", url, "--set", f"evaluation.sandbox.kind={kind}")
        assert done.code == 0, done
        assert kind in done.out
        best = evoheur("best", name, "--archive", url, "--json").document
        documents.append(json.loads(json.dumps(best).replace(name, "run")))
    boxed, jailed = ([(entry["id"], entry["objective"]) for entry in document] for document in documents)
    assert boxed == jailed
