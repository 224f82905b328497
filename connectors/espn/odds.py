"""Pregame win probabilities from the moneylines on the board.

Only the shape in use since 2025 is read, `moneyline.<side>.close.odds` (`"-140"`, `"EVEN"`); the
older ones carry a spread or nothing. `close` is the last price before the start and stays on the
board of a soccer match in play, where `current` moves; `current` is never read, it would leak the
score into what is meant to be known before it. US boards drop the odds at the start. The list may
be `[null]`.

The bookmaker's margin is removed in proportion: implied probabilities divided by their sum.
"""

from __future__ import annotations

from typing import Any

import msgspec

from connectors.espn.scalars import number, text
from connectors.espn.schema import MoneylineSide, OddsLine, Provider, each
from fusion.game import Odds
from fusion.leagues import League

MARGINS = (0.95, 1.5)
"""What implied probabilities may sum to; outside of it the prices do not belong together."""

_decoder = msgspec.json.Decoder(OddsLine)


def pregame_odds(raw: msgspec.Raw, league: League) -> Odds | None:
    """Return the first complete moneyline of a competition's `odds`, margin removed, or None.

    A league with draws needs all three prices.
    """
    for line in each(raw, _decoder):
        odds = _fair(line, league)
        if odds is not None:
            return odds
    return None


def implied(american: Any) -> float | None:
    """Return the probability American odds imply, margin included: -140 is 140/240."""
    if text(american).upper() == "EVEN":
        return 0.5
    value = number(american)
    if value is None or abs(value) < 100:
        return None
    return 100 / (value + 100) if value > 0 else value / (value - 100)


def _fair(line: OddsLine, league: League) -> Odds | None:
    if line.moneyline is None:
        return None
    home = _side(line.moneyline.home)
    away = _side(line.moneyline.away)
    draw = 0.0
    if league.three_way:
        found = _side(line.moneyline.draw)
        if found is None and line.draw_odds is not None:
            found = implied(line.draw_odds.money_line)
        if found is None:
            return None
        draw = found
    if home is None or away is None:
        return None
    total = home + away + draw
    if not MARGINS[0] <= total <= MARGINS[1]:
        return None
    name = text((line.provider or Provider()).name)
    return Odds(home / total, away / total, draw / total, name)


def _side(side: MoneylineSide | None) -> float | None:
    for price in (side.close, side.open) if side else ():
        probability = implied(price.odds) if price else None
        if probability is not None:
            return probability
    return None
