"""Moments and texts on their way to the database and back."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite

from evoheur.archive.columns import AnyText, UtcDateTime, one_of

SQLITE = sqlite.dialect()
POSTGRES: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]


def test_a_moment_is_stored_in_utc_and_comes_back_aware() -> None:
    noon_in_berlin = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    stored = UtcDateTime().process_bind_param(noon_in_berlin, SQLITE)
    assert stored == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert stored is not None
    assert stored.tzinfo is UTC
    assert UtcDateTime().process_result_value(datetime(2026, 7, 1, 10), SQLITE) == noon_in_berlin  # noqa: DTZ001 - as SQLite gives it
    assert UtcDateTime().process_result_value(noon_in_berlin, POSTGRES) == noon_in_berlin


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match=r"has no time zone; use datetime\.now\(UTC\)"):
        UtcDateTime().process_bind_param(datetime(2026, 7, 1), SQLITE)  # noqa: DTZ001 - the very mistake


def test_no_moment_and_no_text_stay_none() -> None:
    for column in (UtcDateTime(), AnyText()):
        assert column.process_bind_param(None, SQLITE) is None
        assert column.process_result_value(None, SQLITE) is None


@pytest.mark.parametrize(
    ("text", "in_sqlite", "in_postgres"),
    [
        ("plain", "plain", "plain"),
        ("ü 😀", "ü 😀", "ü 😀"),
        ("nul\0", "nul\0", "nul\ufffd"),
        ("half \ud83d", b"half \xed\xa0\xbd", "half \ufffd"),
    ],
)
def test_text_is_kept_by_sqlite_and_made_valid_for_others(text: str, in_sqlite: str | bytes, in_postgres: str) -> None:
    """U+D83D alone is ED A0 BD in the three-byte form of UTF-8 that Python calls surrogatepass."""
    assert AnyText().process_bind_param(text, SQLITE) == in_sqlite
    assert AnyText().process_result_value(in_sqlite, SQLITE) == text
    assert AnyText().process_bind_param(text, POSTGRES) == in_postgres


def test_one_of_lists_the_words() -> None:
    assert str(one_of("status", ("ok", "error")).sqltext) == "status IN ('ok', 'error')"
