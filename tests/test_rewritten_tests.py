"""Workers share out the modules whose assertions pytest rewrites, and what one has done is found by the others."""

from pathlib import Path

import pytest
from _pytest.assertion import rewrite

from tests.support.rewritten_tests import rewrite_share


def test_each_worker_does_its_share_once(tmp_path: Path, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """And a module that has changed since is done again."""
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    modules = [tmp_path / f"test_{number}.py" for number in range(5)]
    for module in modules:
        module.write_text("def test_sum() -> None:\n    assert 1 + 1 == 2\n")
    assert [rewrite_share(pytestconfig, modules, worker=worker, workers=2) for worker in (0, 1, 0, 1)] == [3, 2, 0, 0]
    kept = [rewrite.get_cache_dir(module) / f"{module.stem}{rewrite.PYC_TAIL}" for module in modules]
    assert all(file.is_file() for file in kept)
    modules[1].write_text("def test_sum() -> None:\n    assert 1 + 1 == 2, 'after a change'\n")
    assert [rewrite_share(pytestconfig, modules, worker=worker, workers=2) for worker in (0, 1)] == [0, 1]


def test_nothing_is_done_where_nothing_is_kept(
    tmp_path: Path, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    (tmp_path / "test_a.py").write_text("assert True\n")
    assert rewrite_share(pytestconfig, [tmp_path / "test_a.py"], worker=0, workers=1) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["test_a.py"]
