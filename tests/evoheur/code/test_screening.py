"""What is turned away before anything runs."""

from evoheur.code.screening import ScreenConfig, screen


def test_an_import_of_something_that_is_not_there_is_turned_away_with_its_line_and_name() -> None:
    """scipy is what small models import most often."""
    reason = screen("import numpy as np\nfrom scipy.special import erf\ndef priority(item, bins): return bins", ScreenConfig())
    assert reason is not None
    assert "line 2 imports 'scipy'" in reason


def test_overlong_code_is_turned_away() -> None:
    reason = screen("x = 1\n" * 10, ScreenConfig(max_characters=20))
    assert reason == "the code has 60 characters, more than the 20 allowed"


def test_ordinary_code_passes() -> None:
    code = (
        "import numpy as np\nfrom collections.abc import Sequence\n\ndef priority(item, bins):\n    return np.abs(bins - item)\n"
    )
    assert screen(code, ScreenConfig()) is None
