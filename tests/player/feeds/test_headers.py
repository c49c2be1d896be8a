"""What HTTP headers say of an answer's age."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from player.feeds._headers import age_s, date_of, fresh_for_s

DATE = "Sun, 22 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"cache-control": "public, max-age=300"}, 300),
        ({"cache-control": 'max-age="60"'}, 60),
        ({"cache-control": "MAX-AGE = 60"}, 60),
        ({"cache-control": "s-maxage=900, max-age=60", "age": "20"}, 40),
        ({"cache-control": "max-age=60", "age": "90"}, 0),
        ({"cache-control": "no-cache, max-age=60"}, 0),
        ({"cache-control": "no-store"}, 0),
        ({"cache-control": "x-max-age=60"}, 0),
        ({"cache-control": "max-age=-5"}, 0),
        ({"cache-control": "max-age=9999999999999"}, 999_999_999),
        ({"date": DATE, "expires": "Sun, 22 Nov 2026 12:05:00 GMT"}, 300),
        ({"date": DATE, "expires": "0"}, 0),
        ({"date": DATE, "expires": "Sun, 22 Nov 2026 11:00:00 GMT"}, 0),
    ],
)
def test_how_long_nothing_new_is_to_be_expected(headers: dict[str, str], seconds: float) -> None:
    assert fresh_for_s(headers) == seconds


@pytest.mark.parametrize(
    ("told", "seconds"), [("", 0), ("30", 30), (" 7 ", 7), ("-3", 0), ("x", 0), ("٣", 0), ("9" * 30, 999_999_999)]
)
def test_the_age_header(told: str, seconds: float) -> None:
    assert age_s({"age": told}) == seconds


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (DATE, datetime(2026, 11, 22, 12, tzinfo=UTC)),
        ("Sunday, 22-Nov-26 12:00:00 GMT", datetime(2026, 11, 22, 12, tzinfo=UTC)),
        ("", None),
        ("today", None),
        ("Sun, 99 Nov 2026 12:00:00 GMT", None),
    ],
)
def test_dates(told: str, expected: datetime | None) -> None:
    assert date_of({"date": told}) == expected
