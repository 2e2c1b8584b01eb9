"""A folder with a file that cannot be read: scored without it and said so, and never trained on."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.evoheur.cli.support.invoking import evoheur, refusal

RULE = "def priority(item, bins):\n    return -1.0 * bins\n"


@pytest.fixture
def orders() -> str:
    """Two files that are good and two that are not, beside papers."""
    Path("orders").mkdir()
    for name, text in {"a": "3 10 6 5 4", "b": "2 10 6 5", "big": "1 10 11", "list": "6 5 4"}.items():
        Path(f"orders/{name}.txt").write_text(text)
    Path("orders/README.txt").write_text("Orders of May.")
    Path("orders/a.sol").write_text("Bins 2\n")
    Path("rule.py").write_text(RULE)
    return "orders"


@pytest.mark.parametrize(
    "words", [["evaluate", "rule.py", "--instances"], ["problems", "show", "bin_packing_online", "--instances"]]
)
def test_bad_files_are_named_last_and_the_exit_code_says_so(orders: str, words: list[str]) -> None:
    """What was scored is printed all the same."""
    done = evoheur(*words, orders)
    assert done.code == 1
    assert "2 instances" in done.out
    named = [line for line in done.err.splitlines() if line.startswith("not read: ")]
    assert [line.split()[2] for line in named] == ["orders/big.txt:", "orders/list.txt"]
    assert "Everything above is without 2 files that could not be read." in done.err
    told = evoheur(*words, orders, "--json")
    assert told.code == 1
    assert "orders/big.txt" in json.dumps(told.document["unread"])


def test_nothing_is_said_of_a_folder_that_is_read_whole(orders: str) -> None:
    """Nor is there an exit code."""
    Path("orders/big.txt").unlink()
    Path("orders/list.txt").unlink()
    done = evoheur("evaluate", "rule.py", "--instances", orders)
    assert (done.code, done.err) == (0, "")
    assert evoheur("evaluate", "rule.py", "--instances", orders, "--json").document["unread"] == {}


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_a_run_is_refused_with_all_bad_files_named(orders: str, split: str, write_config: Callable[..., str]) -> None:
    """Silently breeding or scoring on less would be wrong; nothing is written."""
    config = write_config(problem={"name": "bin_packing_online", "instances": {split: orders}})
    message = refusal("run", config)
    assert "2 files in orders cannot be read" in message
    assert "orders/big.txt: item 0 (line 1) is 11, larger than the capacity 10" in message
    assert "orders/list.txt holds 3 numbers" in message
    assert not Path("runs").exists()


def test_a_folder_without_a_good_file_is_refused(orders: str) -> None:
    """One line, as for a folder that is empty, or has two instances of one name."""
    for name in ("a", "b"):
        Path(f"orders/{name}.txt").unlink()
    assert "No file in orders can be read" in refusal("evaluate", "rule.py", "--instances", orders)
    Path("orders/c.txt").write_text("1 10 5")
    Path("orders/c.csv").write_text("size,capacity\n5,10\n")
    assert "two instances are named 'c' in c.csv and c.txt" in refusal("evaluate", "rule.py", "--instances", orders)
    Path("empty").mkdir()
    assert "The folder empty holds no" in refusal("evaluate", "rule.py", "--instances", "empty")
