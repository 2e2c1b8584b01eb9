"""Constants with fewer digits."""

import pytest

from evoheur.simplification.constant_digits import with_fewer_digits


def test_one_digit_is_tried_before_two() -> None:
    code = "def f(x):\n    # how much\n    return 0.03641 * x + 123\n"
    found = list(with_fewer_digits(code, 0))
    assert [words for _, words in found] == ["0.03641 becomes 0.04", "0.03641 becomes 0.036", "0.03641 becomes 0.0364"]
    assert found[1][0] == "def f(x):\n    # how much\n    return 0.036 * x + 123\n"


def test_whole_numbers_stay_whole() -> None:
    code = "def f(x):\n    return x + 123\n"
    assert [words for _, words in with_fewer_digits(code, 0)] == ["123 becomes 100", "123 becomes 120"]


@pytest.mark.parametrize(
    "code", ["def f(x):\n    return x * 3.0\n", "def f(x):\n    return x[123]\n", "def f(x):\n    return x\n"]
)
def test_there_is_nothing_to_round(code: str) -> None:
    assert list(with_fewer_digits(code, 0)) == []
