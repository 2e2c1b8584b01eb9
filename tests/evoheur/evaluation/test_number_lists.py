"""Numbers on their way into the guest arrive as they left."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from evoheur.evaluation.number_lists import pack, unpack
from evoheur.testing.problem_contract import any_json


def plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


@given(any_json())
def test_any_json_survives_the_journey(value: Any) -> None:
    sent = json.loads(json.dumps(pack(value)))
    assert json.dumps(plain(unpack(sent))) == json.dumps(value)


@given(arrays.arrays(st.sampled_from([np.int64, np.float64]), arrays.array_shapes(min_dims=1, max_dims=3, max_side=30)))
def test_arrays_come_out_bit_by_bit(array: np.ndarray[Any, Any]) -> None:
    """NaN cannot be compared as JSON, so bytes are."""
    arrived = np.array(unpack(json.loads(json.dumps(pack({"a": array.tolist()}))))["a"], dtype=array.dtype)
    assert arrived.shape == array.shape
    assert np.array_equal(arrived, array, equal_nan=array.dtype.kind == "f")


def test_long_lists_are_packed_and_writable() -> None:
    packed = pack({"items": list(range(100))})
    assert set(packed["items"]) == {"packed array", "shape", "base64"}
    items = unpack(packed)["items"]
    items[0] = 7
    assert items[0] == 7


@pytest.mark.parametrize(
    "numbers",
    [
        pytest.param([1] * 99 + [2.5], id="mixed"),
        pytest.param([2**63] + [1] * 99, id="beyond 64 bits"),
        pytest.param([True] * 100, id="booleans"),
        pytest.param([[1] * 60, [1] * 61], id="ragged"),
        pytest.param(["a"] * 100, id="words"),
    ],
)
def test_what_an_array_would_change_stays_a_list(numbers: list[Any]) -> None:
    assert plain(unpack(pack(numbers))) == numbers
    assert isinstance(pack(numbers), list)
