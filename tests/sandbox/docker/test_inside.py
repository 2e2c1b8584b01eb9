"""The guest's look at its own container, at process file systems written by hand."""

from pathlib import Path

import pytest

from evoheur.sandbox.docker.inside import weakness

_GOOD = {
    "Uid": "65534\t65534\t65534\t65534",
    "CapPrm": "0000000000000000",
    "CapBnd": "0000000000000000",
    "NoNewPrivs": "1",
}
_ROUTES = "Iface\tDestination\tGateway\n"


def _proc(folder: Path, routes: str = _ROUTES, **changes: str) -> Path:
    (folder / "self/net").mkdir(parents=True)
    (folder / "self/status").write_text("".join(f"{name}:\t{value}\n" for name, value in {**_GOOD, **changes}.items()))
    (folder / "self/net/route").write_text(routes)
    return folder


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"Uid": "1000\t0\t1000\t1000"}, "its user is root"),
        ({"CapPrm": "0000000000000001"}, "it has capabilities"),
        ({"CapBnd": "00000000a80425fb"}, "it has capabilities"),
        ({"NoNewPrivs": "0"}, "programs may gain privileges"),
        ({"routes": _ROUTES + "eth0\t00000000\t010011AC\n"}, "its network leads somewhere"),
    ],
)
def test_what_is_missing_is_named(tmp_path: Path, changes: dict[str, str], words: str) -> None:
    """Each wall that a daemon might have left out."""
    assert words in weakness(_proc(tmp_path, **changes))


def test_a_good_container_is_only_told_apart_by_its_root(tmp_path: Path) -> None:
    """Where the tests run, the root may be writable; nothing else is found."""
    assert weakness(_proc(tmp_path)) in {"", "its root can be written"}
