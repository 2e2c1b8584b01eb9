"""The number of Hypothesis' examples follows the profile and the word for their price."""

from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.example_budget import cheap, dear, very_dear

PROFILES = {"quick": [34, 10, 4, 2], "evoheur": [40, 12, 4, 2], "thorough": [200, 60, 20, 8], "nightly": [2000, 600, 200, 80]}


@pytest.mark.parametrize("profile", PROFILES)
def test_each_price_has_its_number_of_examples_in_each_profile(profile: str) -> None:
    loaded = settings.get_current_profile_name()
    settings.load_profile(profile)
    try:
        asked = [cheap(), settings(), dear(), very_dear()]
    finally:
        settings.load_profile(loaded)
    assert [each.max_examples for each in asked] == PROFILES[profile]
    assert all(each.deadline is None for each in asked)


def test_the_profile_named_on_the_command_line_is_the_one_that_is_loaded(pytestconfig: pytest.Config) -> None:
    assert settings.get_current_profile_name() == (pytestconfig.getoption("--hypothesis-profile") or "evoheur")


def test_no_test_has_a_number_of_examples_of_its_own() -> None:
    """Or a night with more examples would pass it by."""
    folder = Path(__file__).parent
    modules = [path for path in folder.rglob("test_*.py") if path != Path(__file__) and "max_examples=" in path.read_text()]
    assert modules == []
