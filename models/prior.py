"""The pregame prior: what was believed before the start, with the margin taken out.

Before the start the market knows most, then a bookmaker, then the league's long-run rates. All
three become a `Prior`, clamped to [0.005, 0.995] so that no family has to invert a certainty.

League rates are rounded long-run home win rates as published: Stefani, "Measurement and
interpretation of home advantage" (2008) for NBA .61, NHL .59 (of decided games, before the
shoot-out; .55 since), NFL .58, MLB .54 and soccer near .46/.27/.27; college football's and women
basketball's are those of the conference seasons on sports-reference.com. All have been falling
for years and are the last resort only. College men won .68 of 8,032 home games in 2017 and 2018,
and .72 of the 2,878 without a line, mostly visits of smaller colleges: it is such games that come
here, so that theirs is .70.
"""

from __future__ import annotations

from typing import Literal

from fusion.game import Odds
from fusion.leagues import League
from models.protocol import Prior

FLOOR = 0.005
MIN_SUM = 0.9
MAX_SUM = 1.1
"""Mids of all outcomes sum to about 1; a sum outside says that a book is empty or not settled."""

_HOME_RATES = {
    "nba": 0.58,
    "wnba": 0.57,
    "ncaamb": 0.70,
    "ncaawb": 0.62,
    "nfl": 0.57,
    "cfb": 0.62,
    "nhl": 0.54,
    "mlb": 0.54,
}
_SPORT_HOME_RATES = {"basketball": 0.58, "football": 0.57, "hockey": 0.54, "baseball": 0.54}
_SOCCER_RATES = (0.45, 0.26, 0.29)
_SOCCER_NEUTRAL = (0.37, 0.26, 0.37)

Source = Literal["market", "odds", "league"]


def market_prior(home: float | None, draw: float | None, away: float | None) -> Prior | None:
    """Return the prior of a game's mid prices in dollars, or None where they are no prior.

    `draw` is None in two-way markets. The margin is removed by dividing by the sum. Refused: a
    missing side, a price outside (0, 1), a sum outside [0.9, 1.1].
    """
    if home is None or away is None:
        return None
    return _normalised(home, draw, away, "market")


def odds_prior(odds: Odds | None) -> Prior | None:
    """Return the prior of bookmaker odds, or None where there are none or they make no sense."""
    if odds is None:
        return None
    return _normalised(odds.home, odds.draw or None, odds.away, "odds")


def league_prior(league: League, *, neutral_site: bool = False) -> Prior:
    """Return the league's long-run rates; on a neutral site neither side has an advantage."""
    if league.three_way:
        home, draw, away = _SOCCER_NEUTRAL if neutral_site else _SOCCER_RATES
        return Prior(home=home, draw=draw, away=away, source="league")
    rate = _HOME_RATES.get(league.key, _SPORT_HOME_RATES.get(league.sport, 0.5))
    home = 0.5 if neutral_site else rate
    return Prior(home=home, draw=0.0, away=1.0 - home, source="league")


def _normalised(home: float, draw: float | None, away: float, source: Source) -> Prior | None:
    sides = (home, away) if draw is None else (home, draw, away)
    total = sum(sides)
    # The comparisons are written so that a NaN fails them.
    if not all(0.0 < price < 1.0 for price in sides) or not MIN_SUM <= total <= MAX_SUM:
        return None
    if draw is None:
        home = min(max(home / total, FLOOR), 1.0 - FLOOR)
        return Prior(home=home, draw=0.0, away=1.0 - home, source=source)
    home, draw, away = (max(price / total, FLOOR) for price in (home, draw, away))
    total = home + draw + away
    return Prior(home=home / total, draw=draw / total, away=away / total, source=source)
