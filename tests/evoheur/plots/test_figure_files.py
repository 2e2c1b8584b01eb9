"""Files of figures are of the kind that their name says, the same every time, with whole fonts and no dates."""

from pathlib import Path

import pytest

from evoheur import ConfigError
from evoheur.archive.archive import Archive
from evoheur.plots.figure_files import figure_bytes, save_figure
from evoheur.plots.run_figures import curve_figure
from tests.evoheur.plots.conftest import NAMED

BEGINNINGS = {"pdf": b"%PDF-", "svg": b"<?xml", "png": b"\x89PNG"}


@pytest.mark.parametrize("kind", BEGINNINGS)
def test_equal_figures_are_equal_files(kind: str, hostile: Archive, tmp_path: Path) -> None:
    for name in ("first", "second"):
        save_figure(curve_figure(NAMED, archive=hostile.url), tmp_path / f"{name}.{kind}")
    first, second = ((tmp_path / f"{name}.{kind}").read_bytes() for name in ("first", "second"))
    assert first == second
    assert first.startswith(BEGINNINGS[kind])
    assert b"CreationDate" not in first
    assert b"<dc:date>" not in first


def test_fonts_are_whole_truetype_fonts_inside_the_file(hostile: Archive) -> None:
    content = figure_bytes(curve_figure(NAMED, archive=hostile.url), "pdf")
    assert b"/FontFile2" in content
    assert b"/Type3" not in content


@pytest.mark.parametrize(("width", "inches"), [("column", 3.35), ("page", 6.9), ("5", 5.0), (4.25, 4.25)])
def test_figures_are_as_wide_as_paper_columns(width: str | float, inches: float, hostile: Archive) -> None:
    assert curve_figure(NAMED, archive=hostile.url, width=width).get_figwidth() == inches


def test_a_name_that_says_no_kind_is_refused(hostile: Archive, tmp_path: Path) -> None:
    figure = curve_figure(NAMED, archive=hostile.url)
    with pytest.raises(ConfigError, match=r"says no kind of figure that can be written; end it in \.pdf, \.svg, \.png"):
        save_figure(figure, tmp_path / "figure.jpeg")
    with pytest.raises(ConfigError, match=r"There is no folder .* to write 'figure\.pdf' to"):
        save_figure(figure, tmp_path / "none" / "figure.pdf")
    (tmp_path / "folder.pdf").mkdir()
    with pytest.raises(ConfigError, match="cannot be written"):
        save_figure(figure, tmp_path / "folder.pdf")
