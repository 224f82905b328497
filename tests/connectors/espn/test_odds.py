from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.espn.odds import implied, pregame_odds
from fusion.game import Odds
from fusion.leagues import LEAGUES


def read(odds: Any, league: str = "nba") -> Odds | None:
    """Return what is read of an `odds` list."""
    return pregame_odds(msgspec.Raw(msgspec.json.encode(odds)), LEAGUES[league])


def line(home: Any, away: Any, **more: Any) -> dict[str, Any]:
    """Return a moneyline with closing prices only."""
    sides = {"home": home, "away": away, **more}
    return {"moneyline": {side: {"close": {"odds": odds}} for side, odds in sides.items()}}


@pytest.mark.parametrize(
    ("american", "expected"),
    [
        ("-140", 140 / 240),
        ("+310", 100 / 410),
        (120, 100 / 220),
        ("EVEN", 0.5),
        ("even", 0.5),
        ("OFF", None),
        ("+50", None),
        (0, None),
        (None, None),
    ],
)
def test_american_odds(american: Any, expected: float | None) -> None:
    """American odds imply a probability, or are none."""
    assert implied(american) == expected


def test_margin_is_removed_in_proportion() -> None:
    """Two sides at -110 are even."""
    assert read([line("-110", "-110")]) == Odds(0.5, 0.5)


def test_the_first_complete_line_counts() -> None:
    """Null, older and half lines are passed over."""
    older = {"details": "CHI -2.5", "provider": {"name": "Old"}}
    good = {**line("+100", "+100"), "provider": {"name": "Good"}}

    assert read([None, older, line("-110", "OFF"), good]) == Odds(0.5, 0.5, 0.0, "Good")


def test_opening_price_stands_in() -> None:
    """Without a closing price the opening one is taken, the current one never."""
    sides = {"open": {"odds": "EVEN"}, "current": {"odds": "-900"}}

    assert read([{"moneyline": {"home": sides, "away": sides}}]) == Odds(0.5, 0.5)


def test_draw_price() -> None:
    """A soccer match takes the draw from its moneyline or from `drawOdds`, and needs it."""
    prices = {"home": "+200", "away": "+200"}
    third = Odds(1 / 3, 1 / 3, 1 / 3)

    assert read([line(**prices, draw="+200")], "eng.1") == third
    assert read([{**line(**prices), "drawOdds": {"moneyLine": 200}}], "eng.1") == third
    assert read([line("-110", "-110")], "eng.1") is None


@pytest.mark.parametrize(
    "odds",
    [
        None,
        {},
        [],
        [None],
        7,
        [line("-900", "-900")],
        [line("+900", "+900")],
        [{"moneyline": 3}],
        [{"moneyline": {"home": {"close": "-110"}, "away": {"close": "-110"}}}],
    ],
)
def test_no_odds(odds: Any) -> None:
    """What is no moneyline of two sides that belong together is no odds."""
    assert read(odds) is None


@given(st.integers(121, 2000), st.integers(0, 20))
def test_probabilities_sum_to_one(favourite: int, margin: int) -> None:
    """Whatever the prices and the margin, the odds are probabilities and keep their order."""
    odds = read([line(-favourite, f"+{favourite - margin}")])

    assert odds is not None
    assert odds.home + odds.away == pytest.approx(1.0)
    assert odds.home > odds.away > 0
