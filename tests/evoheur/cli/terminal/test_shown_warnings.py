"""Warnings on the way to the user."""

import warnings

import pytest

from evoheur.cli.terminal.standard_streams import shown_warnings
from evoheur.errors import InstanceWarning


def test_a_warning_is_one_line_on_standard_error_and_comes_once(capsys: pytest.CaptureFixture[str]) -> None:
    """However often a file is read."""
    with shown_warnings():
        for _ in range(3):
            warnings.warn("a.tsp rounds\nto nothing", InstanceWarning, stacklevel=1)
        warnings.warn("b.tsp, too", InstanceWarning, stacklevel=1)
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "warning: a.tsp rounds to nothing\nwarning: b.tsp, too\n"


def test_other_warnings_are_left_to_python() -> None:
    """Which makes errors of them in these tests."""
    with shown_warnings(), pytest.raises(UserWarning, match="other"):
        warnings.warn("other", UserWarning, stacklevel=1)
