from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fusion.days import slate_day


@pytest.mark.parametrize(
    ("utc", "day"),
    [
        ("2026-11-21T00:30", "2026-11-20"),
        ("2026-11-21T04:59", "2026-11-20"),
        ("2026-11-21T05:00", "2026-11-21"),
        ("2026-07-01T03:59", "2026-06-30"),
        ("2026-07-01T04:00", "2026-07-01"),
    ],
)
def test_slate_day_is_eastern(utc: str, day: str) -> None:
    """A game after midnight UTC belongs to the day before, in winter time and summer time."""
    moment = datetime.fromisoformat(utc).replace(tzinfo=UTC)

    assert slate_day(int(moment.timestamp()) * 1_000_000_000) == day
