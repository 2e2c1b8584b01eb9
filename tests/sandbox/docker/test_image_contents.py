"""What goes into an image, and its name."""

import importlib.metadata
import json
import platform

import pytest

from evoheur.sandbox.docker.image_contents import Contents, NotInstalled, contents, name_of


def test_what_is_required_comes_along() -> None:
    """numba requires llvmlite, which nobody names."""
    found = dict(contents().packages)
    assert {"numpy", "numba", "llvmlite", "vrplib"} <= found.keys()
    assert found["numpy"] == importlib.metadata.version("numpy")
    assert contents().python == platform.python_version()


def test_the_name_tells_the_contents() -> None:
    """One more package, or another version of one, is another image; the order of asking makes no difference."""
    assert contents().image == contents().image
    assert contents(["jinja2"]).image != contents().image
    assert contents(["jinja2", "hypothesis"]) == contents(["hypothesis", "Jinja2", "jinja2"])
    other = Contents(python="3.11.7", machine="x86_64", packages=(("numpy", "2.4.6"),))
    assert other.image != Contents(python="3.11.7", machine="x86_64", packages=(("numpy", "2.4.7"),)).image
    assert other.image.startswith("evoheur-sandbox:py3.11.7-")
    assert json.loads(other.label)["packages"] == {"numpy": "2.4.6"}


def test_a_package_that_is_not_installed() -> None:
    with pytest.raises(NotInstalled, match=r"'no-such-thing-1' is not installed.* pip install no-such-thing-1"):
        contents(["no-such-thing-1"])
    with pytest.raises(NotInstalled, match="no name of a package"):
        contents(["-r x"])


@pytest.mark.parametrize(
    ("requirement", "name"),
    [("numpy>=2.0", "numpy"), ("Foo_Bar.baz[extra]==1 ", "foo-bar-baz"), ("pywin32 (>=1)", "pywin32")],
)
def test_names_are_normalised(requirement: str, name: str) -> None:
    """As PEP 503 has it."""
    assert name_of(requirement) == name
